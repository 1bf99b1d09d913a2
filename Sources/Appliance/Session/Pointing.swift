internal import Access
internal import IO
internal import RemoteControl
internal import SFU
internal import Wire

/// The pointers with which people show one another something on the desk, without moving anything there.
///
/// When who is told what ``Pointers`` decides; here is who may point, and who sees it: a right of the person's, and for both the
/// desk itself. What goes either way is of use only while it is new, and is sent once (docs/pointing.md).
@SessionActor final class Pointing {
    private let roster: Roster
    private let desk: SharedDesk
    private let channels: RoomChannels
    private var pointers = Pointers()
    private let alarm = Alarm()
    private var isTelling = false
    /// Those whose pointers on the desk are shown by their names: everybody who drives, where it is not one alone.
    private var drivers: Set<ParticipantID> = []

    init(_ roster: Roster, _ desk: SharedDesk, _ channels: RoomChannels) {
        self.roster = roster
        self.desk = desk
        self.channels = channels
    }

    /// Follows a person's channel for as long as it is open.
    func read(_ messages: AsyncStream<DataMessage>, of id: ParticipantID) {
        pointers.handleOpened(of: id)
        Task {
            for await message in messages { await self.handle(message, from: id) }
            self.pointers.remove(id, now: .now())
            await self.tell()
        }
    }

    func handle(_ message: DataMessage, from id: ParticipantID) async {
        guard mayPoint(id), message.isBinary,
            let said = unsafe try? PointingMessage(parsing: message.bytes.span.bytes)
        else { return }
        pointers.handle(said, from: id, on: (desk.state.width, desk.state.height), now: .now())
        await tell()
    }

    /// A viewer's channel has just opened.
    func handleViewer(_ id: ParticipantID) {
        pointers.handleViewer(id, now: .now())
        setAlarm()
    }

    /// Who may do what has changed, who is here, or what of the desk is hidden.
    func update() {
        let now = Instant.now()
        for id in pointers.people where !mayPoint(id) && !drivers.contains(id) {
            pointers.remove(id, now: now)
        }
        pointers.handleSight(now: now)
        setAlarm()
    }

    /// Other people drive, where several do.
    func setDrivers(_ people: Set<ParticipantID>) {
        guard people != drivers else { return }
        for id in drivers.subtracting(people) { pointers.remove(id, now: .now()) }
        drivers = people
        setAlarm()
    }

    /// The pointer of somebody who drives has moved.
    func showDriver(_ id: ParticipantID, at point: DeskPoint) async {
        guard drivers.contains(id) else { return }
        pointers.show(id, at: point, now: .now())
        await tell()
    }

    func handleDeparture(of id: ParticipantID) {
        pointers.handleDeparture(of: id, now: .now())
        setAlarm()
    }

    func stop() { alarm.stop() }

    private func mayPoint(_ id: ParticipantID) -> Bool {
        roster.rights(of: id).allow(.point) && seesDesk(id)
    }

    /// As with the desk's own pointer, masks that leave some of the desk to be seen hide nothing of this.
    private func seesDesk(_ id: ParticipantID) -> Bool {
        roster.rights(of: id).allow(.receive(.video)) && !desk.privacy.curtains(id)
    }

    private func tell() async {
        // Whoever comes meanwhile leaves it to the alarm.
        guard !isTelling else { return }
        isTelling = true
        let viewers = roster.everybody
            .filter { $0.subscribe?.channels[SubscribeChannels.pointingLabel] != nil }
            .map { Pointers.Viewer($0.id, seesDesk: seesDesk($0.id)) }
        for (id, message) in pointers.pollMessages(for: viewers, now: .now()) {
            // Looked up for each: meanwhile people leave, channels close, and the curtain falls.
            guard let channel = roster[id]?.subscribe?.channels[SubscribeChannels.pointingLabel],
                message.pointers.isEmpty || seesDesk(id)
            else { continue }
            await channels.send(message.encoded(), isBinary: true, on: channel)
        }
        isTelling = false
        setAlarm()
    }

    private func setAlarm() {
        guard !isTelling else { return }
        alarm.set(pointers.pollTimeout()) { await self.tell() }
    }
}
