internal import Access
internal import Audit
internal import IO
internal import RemoteControl
internal import SFU
internal import Wire

/// Whom the desk's programs hear: people's microphones, as a source of sound on the desk.
///
/// Who is heard ``EarsChoice`` says; here their microphones are consumed by a transport of this process, whose packets
/// ``VoiceFeed`` hands to the desk process on a link of its own. While nobody is heard there is neither transport nor link,
/// and in the desk process nothing that plays.
@SessionActor package final class DeskEars {
    private enum Link: Hashable {
        case none
        /// The desk process has been asked for it.
        case asked(until: Instant)
        case open
        /// It has not worked; until when nothing is tried.
        case failed(until: Instant)
    }

    private let roster: Roster
    private let worker: Worker
    private let relay: ControlRelay
    private let desk: DeskLink
    private let audit: AuditLog
    private let router: RouterID
    private let isOffered: Bool
    private let feed: VoiceFeed
    private let alarm = Alarm()
    private var choice = EarsChoice()
    private var link = Link.none
    private var isDeskThere = false
    private var state = RoomMessage.DeskEars.State.off
    private var told: RoomMessage.DeskEars
    private var transport: TransportID?
    /// Whose microphone is consumed how, by the number of the voice.
    private var consumers: [UInt8: (producer: ProducerID, consumer: ConsumerID)] = [:]
    /// Brings about what is chosen; what changes meanwhile it sees when it is done.
    private var work: Task<Void, Never>?
    private var hasChanged = false

    init(
        _ configuration: Configuration,
        _ roster: Roster,
        on router: RouterID,
        worker: Worker,
        relay: ControlRelay,
        desk: DeskLink,
        audit: AuditLog
    ) {
        self.roster = roster
        self.router = router
        self.worker = worker
        self.relay = relay
        self.desk = desk
        self.audit = audit
        isOffered = configuration.peopleSink != nil
        feed = VoiceFeed(on: worker.executor)
        told = RoomMessage.DeskEars(offered: isOffered, most: EarsChoice.most)
    }

    // MARK: What people ask for

    /// Whether somebody has the right to, ``Reception`` has asked before.
    ///
    /// - Returns: Why it is left as it is.
    func choose(_ people: [UInt64], by id: ParticipantID) -> Refusal? {
        guard isOffered else { return Refusal(.deskHearsNobody) }
        let before = choice.people
        do throws(EarsChoice.Problem) {
            try choice.choose(people.map { ParticipantID($0) }, where: isOpen)
        } catch {
            return switch error {
            case .notOpen: Refusal(.deskHearsOnlyOpen)
            case .tooMany: Refusal(.deskHearsTooMany, ["most": .number(Int64(EarsChoice.most))])
            }
        }
        for other in before where !choice.people.contains(other) { note(other, false, .person(id.rawValue)) }
        for other in choice.people where !before.contains(other) { note(other, true, .person(id.rawValue)) }
        settle()
        return nil
    }

    /// To be called after whatever may have changed who is here, may speak, has their microphone on, or how it comes.
    func update() {
        for id in choice.keep(where: isOpen) { note(id, false, .person(id.rawValue)) }
        if !roster.everybody.contains(where: { roster.rights(of: $0.id).contains(.soundIn) }) {
            // Nobody is left who could end it.
            for id in choice.keep(where: { _ in false }) { note(id, false, .room) }
        }
        settle()
    }

    /// A page was opened anew: its person is to be asked anew.
    func forget(_ id: ParticipantID) {
        for id in choice.keep(where: { $0 != id }) { note(id, false, .person(id.rawValue)) }
        settle()
    }

    func welcome(_ id: ParticipantID) { roster.send(.deskEars(told), to: id) }

    private func isOpen(_ id: ParticipantID) -> Bool {
        guard let person = roster[id] else { return false }
        return roster.rights(of: id).contains(.speak) && person.media.audio == .on && !person.isMuted
    }

    private func note(_ id: ParticipantID, _ isOn: Bool, _ actor: AuditActor) {
        audit.append(.heardByDesk(person: id.rawValue, isOn: isOn, by: actor))
    }

    /// The session is over.
    func stop() { alarm.stop() }

    // MARK: The desk

    func handle(_ event: DeskLink.Event) async {
        switch event {
        case .connected: isDeskThere = true
        case .disconnected:
            isDeskThere = false
            link = .none
        case .report(.voicesLink):
            guard case .asked = link else {
                await desk.closeVoices()
                break
            }
            // It may be gone again: then its end is the next event.
            guard let sender = await desk.takeVoices() else { break }
            await feed.attach(sender)
            link = .open
        case .voices(let state):
            self.state =
                switch state {
                case .noServer: .noServer
                case .noSink: .noSink
                case .playing: .on
                }
        case .voicesClosed:
            let pause = state == .noSink ? Self.longPause : Self.pause
            if link == .open { link = .failed(until: .now() + pause) }
        case .report: return
        }
        settle()
    }

    // MARK: What follows

    private func settle() {
        if choice.isEmpty {
            state = .off
        } else if state == .off || (state == .on && link != .open) {
            state = .starting
        }
        let now = RoomMessage.DeskEars(
            offered: isOffered,
            most: EarsChoice.most,
            people: choice.people.map(\.rawValue),
            state: state
        )
        if now != told {
            told = now
            roster.tellAll(.deskEars(now))
        }
        hasChanged = true
        guard work == nil, !choice.isEmpty || transport != nil || link != .none else { return }
        work = Task {
            while self.hasChanged {
                self.hasChanged = false
                await self.bringAbout()
            }
            self.work = nil
        }
    }

    private func bringAbout() async {
        guard !choice.isEmpty, isDeskThere else { return await end() }
        switch link {
        case .open: break
        case .asked(let due) where .now() < due: return wait(until: due)
        case .failed(let due) where .now() < due:
            await close()
            return wait(until: due)
        case .asked, .failed, .none:
            await close()
            let due = Instant.now() + Self.pause
            link = .asked(until: due)
            await relay.send(.openVoices)
            return wait(until: due)
        }
        await consume()
    }

    /// Whoever is heard is consumed, and nobody else.
    private func consume() async {
        var wanted: [UInt8: ProducerID] = [:]
        for (id, voice) in choice.voices {
            wanted[voice] = roster[id]?.sources.first { $0.media.kind == .audio }?.producer
        }
        for (voice, (producer, consumer)) in consumers where wanted[voice] != producer {
            consumers[voice] = nil
            await feed.end(consumer)
            try? await worker.close(consumer)
        }
        for (voice, producer) in wanted where consumers[voice] == nil {
            if transport == nil {
                transport = try? await worker.makeDirectTransport(on: router, reader: feed.reader)
            }
            // The microphone may be gone by now; then something has changed.
            guard let transport,
                let parameters = try? await worker.consume(producer, on: transport, options: Self.options)
            else { continue }
            consumers[voice] = (producer, parameters.id)
            await feed.begin(voice, as: parameters.id)
        }
    }

    private func close() async {
        consumers = [:]
        await feed.detach()
        await desk.closeVoices()
        guard let transport else { return }
        self.transport = nil
        try? await worker.close(transport)
    }

    private func end() async {
        alarm.set(nil) {}
        link = .none
        await close()
    }

    private func wait(until due: Instant) {
        alarm.set(due) { self.settle() }
    }

    /// As often as a desk process is asked again that has not answered, or whose sound server was not there.
    private static let pause = Interval.seconds(2)
    /// Nobody makes a sink every minute.
    private static let longPause = Interval.seconds(30)
    private static let options = ConsumerOptions(capabilities: RTPCapabilities(codecs: [RoomCodecs.opus]))
}
