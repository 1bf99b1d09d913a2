import Access
import Appliance
import RemoteControl
import SFU
import Testing
import WebRTC
import Wire

/// What people do to their connections in any order, with a Worker that takes as long as it likes.
@Suite struct ConnectionInterleavingTests {
    @Test func tenThousandInterleavingsLeaveNoTransport() throws {
        let offers = try [1, 2].map { number in
            try PublishOffer(
                parsing: recording("chromium-media")
                    .replacing("a=fingerprint:sha-256 4", with: "a=fingerprint:sha-256 \(number)")
                    .replacing("a=fingerprint:sha-256 F", with: "a=fingerprint:sha-256 \(number)")
            )
        }
        let answer = SubscribeAnswer(
            ice: ICECredentials(usernameFragment: "pagepage", password: "abcdefghijklmnopqrstuvwx"),
            dtls: offers[0].dtls,
            sctp: SCTPParameters(),
            accepted: ["1": RTPCapabilities(codecs: [RoomCodecs.h264])]
        )
        let parameters = try roomTransport()
        for seed in 0..<10_000 as Range<UInt64> {
            var room = Interleaving(seed: seed, offers: offers, answer: answer, parameters: parameters)
            for _ in 0..<40 { room.act() }
            room.end()
            guard room.transports.isEmpty, room.isSettled else {
                Issue.record("seed \(seed): \(room.transports.count) transports are left")
                return
            }
        }
    }
}

/// Three people, and the Worker's table of transports.
private struct Interleaving {
    private(set) var transports: Set<UInt32> = []
    private var random: SplitMix64
    private var people: [Person]
    /// All that were ever begun; what was ended may still be at work.
    private var subscribes: [Worked<SubscribeConnection, SubscribeConnection.Step>] = []
    private var publishes: [Worked<PublishConnection, PublishConnection.Step>] = []
    private var ids: UInt32 = 100
    private let offers: [PublishOffer]
    private let answer: SubscribeAnswer
    private let parameters: WebRTCTransportParameters

    private struct Person {
        var subscribe: SubscribeConnection?
        var publish: PublishConnection?
        var newestOffer = 0
    }

    /// A connection, and the call to the Worker that has not returned yet.
    private struct Worked<Connection, Step> {
        var connection: Connection
        var step: Step?
    }

    init(
        seed: UInt64,
        offers: [PublishOffer],
        answer: SubscribeAnswer,
        parameters: WebRTCTransportParameters
    ) {
        random = SplitMix64(seed: seed)
        self.offers = offers
        self.answer = answer
        self.parameters = parameters
        people = (0..<3).map { _ in Person() }
    }

    var isSettled: Bool {
        subscribes.allSatisfy { $0.connection.isClosed } && publishes.allSatisfy { $0.connection.isClosed }
    }

    mutating func act() {
        let place = Int.random(in: people.indices, using: &random)
        switch Int.random(in: 0..<16, using: &random) {
        case 0, 1: join(place)
        case 2: leave(place)
        case 3, 4: publish(place, offers[Int.random(in: offers.indices, using: &random)])
        case 5: people[place].publish?.end()
        case 6: people[place].subscribe?.end()
        case 7, 8:
            people[place].subscribe?.handleAnswer(.success(answer), id: people[place].newestOffer)
        case 9:
            people[place].subscribe?.handleAnswer(
                .failure(.invalid("tooLong")),
                id: people[place].newestOffer
            )
        case 10: people[place].subscribe?.restart()
        case 11:
            people[place].subscribe?.offer([
                OfferedTrack(.deskPicture), OfferedTrack(.camera(ParticipantID(9))),
            ])
        default: work()
        }
    }

    mutating func end() {
        for place in people.indices { leave(place) }
        for _ in 0..<10_000 where !isSettled { work() }
    }

    private mutating func join(_ place: Int) {
        leave(place)
        let connection = SubscribeConnection(owner: ParticipantID(UInt64(place) + 1), codecs: RoomCodecs())
        connection.offer([OfferedTrack(.deskPicture)])
        people[place].subscribe = connection
        subscribes.append(Worked(connection: connection))
    }

    private mutating func leave(_ place: Int) {
        people[place].publish?.end()
        people[place].subscribe?.end()
        people[place] = Person()
    }

    private mutating func publish(_ place: Int, _ offer: PublishOffer) {
        if people[place].publish?.continues(offer) != true {
            people[place].publish?.end()
            let connection = PublishConnection(
                owner: ParticipantID(UInt64(place) + 1),
                for: offer,
                rights: .all
            )
            people[place].publish = connection
            publishes.append(Worked(connection: connection))
        }
        people[place].publish?.handle(offer: offer)
    }

    /// Begins a call to the Worker, or lets one return, for any connection that ever was.
    private mutating func work() {
        let place = Int.random(in: 0..<max(1, subscribes.count + publishes.count), using: &random)
        if subscribes.indices.contains(place) {
            guard let step = subscribes[place].step else {
                subscribes[place].step = subscribes[place].connection.poll(
                    now: Instant(nanoseconds: 100_000_000_000)
                )
                return
            }
            subscribes[place].step = nil
            subscribes[place].connection.handle(result(step, of: subscribes[place].connection))
        } else if publishes.indices.contains(place - subscribes.count) {
            let place = place - subscribes.count
            guard let step = publishes[place].step else {
                publishes[place].step = publishes[place].connection.poll()
                return
            }
            publishes[place].step = nil
            publishes[place].connection.handle(result(step))
        }
    }

    private mutating func made() -> WebRTCTransportParameters? {
        guard Int.random(in: 0..<10, using: &random) > 0 else { return nil }
        ids += 1
        transports.insert(ids)
        return WebRTCTransportParameters(
            id: TransportID(ids),
            iceCredentials: parameters.iceCredentials,
            candidates: parameters.candidates,
            fingerprint: parameters.fingerprint
        )
    }

    private mutating func result(
        _ step: SubscribeConnection.Step,
        of connection: SubscribeConnection
    ) -> SubscribeConnection.Outcome {
        let isLucky = Int.random(in: 0..<10, using: &random) > 0
        ids += 1
        switch step {
        case .close(let id): transports.remove(id.rawValue)
        case .connect: return .connected(isLucky)
        case .consume(_, _, let options):
            return .consumed(mid: options.mid ?? "", isLucky ? ConsumerID(ids) : nil)
        case .make: return .made(made())
        case .offer(let offer, _):
            for place in people.indices where people[place].subscribe === connection {
                people[place].newestOffer = offer.id
            }
        case .openChannel(let label, _): return .channelOpened(label: label, DataConsumerID(ids))
        case .renew:
            for place in people.indices where people[place].subscribe === connection { join(place) }
        case .restartICE: return .restarted(isLucky ? parameters.iceCredentials : nil)
        case .closeConsumer, .prioritise, .say, .show, .updateICE: break
        }
        return .done
    }

    private mutating func result(_ step: PublishConnection.Step) -> PublishConnection.Outcome {
        let isLucky = Int.random(in: 0..<10, using: &random) > 0
        ids += 1
        switch step {
        case .close(let id): transports.remove(id.rawValue)
        case .connect: return .connected(isLucky)
        case .make: return .made(made())
        case .produce(let media, _, _):
            return .produced(
                mid: media.mid,
                isLucky ? .success(ProducerID(ids)) : .failure(.invalidState("the SSRC is taken"))
            )
        case .restartICE: return .restarted(isLucky ? parameters.iceCredentials : nil)
        case .answer, .say, .silence, .stop: break
        }
        return .done
    }
}
