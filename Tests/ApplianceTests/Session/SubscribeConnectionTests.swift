import Appliance
import RemoteControl
import SFU
import Testing
import WebRTC
import Wire

@Suite struct SubscribeConnectionTests {
    @Test func aConnectionIsMadeOfferedAnsweredAndEnded() throws {
        let page = try Page()
        page.connection.offer([OfferedTrack(.deskPicture), OfferedTrack(.deskSound)])
        let offer = try #require(page.run())
        #expect(try SessionDescription(parsing: offer.sdp).media.count == 3)
        page.answer(offer)
        #expect(page.run() == nil)
        #expect(
            page.log == [
                "make", "offer 1", "connect", "channel cursor", "channel chat", "channel pointing",
                "consume 1", "prioritise",
                "consume 2",
            ]
        )
        page.connection.end()
        #expect(page.run() == nil)
        #expect(page.log.last == "close")
        #expect(page.connection.isClosed)
    }

    /// Nobody is there to negotiate anything with once it is answered.
    @Test func whoeverOffersFromOutsideIsAnsweredOnceAndAgainAfterARestart() throws {
        let view = try #require(OutsideOffer(parsing: OutsideOffers.viewer, by: .viewer).view)
        let page = try Page(style: .answer(view))
        let tracks = [OfferedTrack(.deskPicture), OfferedTrack(.deskSound)]
        page.connection.offer(tracks)
        let first = try #require(page.run())
        try page.answer(first, by: OutsideOffers.viewer)
        #expect(page.run() == nil)
        let done = ["make", "offer 1", "connect", "consume video0", "prioritise", "consume audio1"]
        #expect(page.log == done, "and no channels")
        page.connection.offer(tracks)
        page.connection.show(PageSight())
        #expect(page.run() == nil && page.log == done)
        page.connection.restart()
        let second = try #require(page.run())
        let sdp = OutsideOffers.viewer.replacing("a=ice-ufrag:abcd", with: "a=ice-ufrag:wxyz")
        try page.answer(second, by: sdp)
        #expect(page.run() == nil)
        #expect(page.log == done + ["offer 2", "update"])
        // What may not be sent any more ends without being asked for.
        page.connection.offer([tracks[0]])
        _ = page.run()
        #expect(page.log.contains("close consumer"))
    }

    @Test func whatComesWhileAnOfferIsOnItsWayIsOfferedAfterItsAnswer() throws {
        let page = try Page()
        let first = try #require(page.run())
        page.connection.offer([OfferedTrack(.deskPicture)])
        page.connection.offer([OfferedTrack(.deskPicture), OfferedTrack(.deskSound)])
        #expect(page.run() == nil)
        page.answer(first)
        let second = try #require(page.run())
        #expect(second.id == 2)
        #expect(try SessionDescription(parsing: second.sdp).media.count == 3)
    }

    /// A page that never answers must not keep what it may not see any more.
    @Test func whatMayNotBeSentAnyMoreEndsWhileAnOfferWaitsForItsAnswer() throws {
        let page = try Page()
        page.connection.offer([OfferedTrack(.deskPicture, isClear: true)])
        page.answer(try #require(page.run()))
        page.connection.offer([OfferedTrack(.deskPicture, isClear: true), OfferedTrack(.deskSound)])
        let unanswered = try #require(page.run())
        page.connection.offer([OfferedTrack(.deskPicture), OfferedTrack(.deskSound)])
        #expect(page.run() == nil)
        #expect(page.log.last == "close consumer")
        page.answer(unanswered)
        let next = try #require(page.run())
        #expect(Set(next.sdp.matches(of: #/sendonly/#).map(\.range)).count == 2)
        page.answer(next)
        #expect(page.run() == nil)
        #expect(page.log.suffix(3).contains("consume 1"))
    }

    @Test func whatMayNotBeSentAnyMoreEndsThoughItIsJustBegun() throws {
        let page = try Page()
        page.connection.offer([OfferedTrack(.deskPicture, isClear: true)])
        page.answer(try #require(page.run()))
        page.whileConsuming = { $0.offer([OfferedTrack(.deskPicture)]) }
        _ = page.run()
        #expect(page.log.contains("close consumer"))
    }

    /// An answer that cannot be used never stands in the way: the same again, then another connection, and words
    /// each time.
    @Test func aRefusedAnswerIsFollowedByAnotherOffer() throws {
        let page = try Page()
        page.connection.offer([OfferedTrack(.deskPicture)])
        let first = try #require(page.run())
        page.connection.handleAnswer(.failure(.invalid("tooLong")), id: first.id)
        let second = try #require(page.run())
        #expect(second.id == 2)
        #expect(page.words.count == 1)
        page.connection.handleAnswer(.failure(.invalid("tooLong")), id: first.id)
        #expect(page.run() == nil, "an answer to an offer before says nothing")
        page.connection.handleAnswer(.failure(.invalid("tooLong")), id: second.id)
        #expect(page.run() == nil)
        #expect(page.log.last == "renew 2")
        #expect(page.words.count == 2)

        let next = try Page(failures: 2)
        next.connection.offer([OfferedTrack(.deskPicture)])
        let third = try #require(next.run())
        next.connection.handleAnswer(.failure(.invalid("tooLong")), id: third.id)
        #expect(next.run() == nil)
        #expect(next.words.count == 1)
        #expect(next.log.last != "renew 3")
        next.connection.offer([OfferedTrack(.deskPicture), OfferedTrack(.deskSound)])
        let fourth = try #require(next.run())
        next.answer(fourth)
        #expect(next.run() == nil)
        #expect(next.log.contains("consume 1"))
    }

    @Test func whoeverDecodesNoneOfTheDesksCodecsIsToldAndGetsTheRest() throws {
        let page = try Page()
        page.connection.offer([OfferedTrack(.deskPicture), OfferedTrack(.deskSound)])
        page.answer(try #require(page.run()), refusing: ["1"])
        #expect(page.run() == nil)
        #expect(page.words.count == 1)
        #expect(page.log.contains("consume 2"))
    }

    @Test func aStreamThatBeganAnewTakesTheSectionOfTheOneBefore() throws {
        let camera = TrackSource.camera(ParticipantID(2))
        let page = try Page()
        let (first, second) = (try page.producer(), try page.producer())
        page.connection.offer([OfferedTrack(camera, producer: first)])
        page.answer(try #require(page.run()))
        #expect(page.run() == nil)
        page.connection.offer([OfferedTrack(camera, producer: second)])
        let offer = try #require(page.run())
        #expect(try SessionDescription(parsing: offer.sdp).media.count == 2)
        page.answer(offer)
        _ = page.run()
        #expect(page.log.count { $0 == "consume 1" } == 2)
        #expect(page.log.contains("close consumer"))
    }

    @Test func aSectionOffersFirstWhatItsProducerSends() throws {
        let page = try Page()
        page.connection.offer([
            OfferedTrack(.deskPicture), OfferedTrack(.camera(ParticipantID(2)), codec: .vp8),
        ])
        let offer = try SessionDescription(parsing: #require(page.run()).sdp)
        #expect(offer.media[1].formats == ["102", "103", "96", "97"])
        #expect(offer.media[2].formats == ["96", "97", "102", "103"])
    }

    // MARK: What a page shows

    /// The default is 50 people: everybody's camera and microphone fit.
    @Test func fiftyPeopleHaveASectionEach() throws {
        let page = try Page()
        page.connection.offer(room(of: 50))
        let offer = try #require(page.run())
        let description = try SessionDescription(parsing: offer.sdp)
        #expect(description.media.count == 3 + 2 * 49)
        page.answer(offer)
        #expect(page.run() == nil)
        #expect(page.words.isEmpty)
        #expect(page.log.count { $0.hasPrefix("consume ") } == 2 + 2 * 49)
    }

    @Test func aHugeRoomIsBoundedAndWhoIsShownAndHeardComesFirst() throws {
        let page = try Page()
        var sight = PageSight()
        sight.views = [.camera(ParticipantID(300)): ClientMessage.View(person: 300, height: 200)]
        page.connection.show(sight)
        page.connection.offer(
            room(of: 500).map {
                var track = $0
                track.isMuted = track.source != .microphone(ParticipantID(400))
                return track
            }
        )
        let offer = try #require(page.run())
        #expect(try SessionDescription(parsing: offer.sdp).media.count == 1 + PageSight.maximumTracks)
        let carried = Set(page.carried.values)
        #expect(carried.isSuperset(of: [.deskPicture, .deskSound, .camera(ParticipantID(300))]))
        #expect(carried.contains(.microphone(ParticipantID(400))))
        page.answer(offer)
        _ = page.run()
        #expect(page.words.isEmpty)
    }

    @Test func camerasOutOfSightLeaveTheirSectionsToThoseInSight() throws {
        let page = try Page()
        func look(at people: ClosedRange<UInt64>) {
            var sight = PageSight()
            sight.views = Dictionary(
                uniqueKeysWithValues: people.map {
                    (.camera(ParticipantID($0)), ClientMessage.View(person: $0, height: 200))
                }
            )
            page.connection.show(sight)
        }
        look(at: 2...31)
        page.connection.offer(room(of: 100).filter { $0.source.kind == .video })
        var sections = 0
        for people in [2...31, 32...61, 62...91, 2...31] as [ClosedRange<UInt64>] {
            look(at: people)
            guard let offer = page.run() else { continue }
            sections = max(sections, try SessionDescription(parsing: offer.sdp).media.count)
            #expect(Set(page.carried.values).isSuperset(of: people.map { .camera(ParticipantID($0)) }))
            page.answer(offer)
            #expect(page.run() == nil)
        }
        #expect(sections == 32)
    }

    private func room(of people: UInt64) -> [OfferedTrack] {
        [OfferedTrack(.deskPicture), OfferedTrack(.deskSound)]
            + (2...people).flatMap {
                [
                    OfferedTrack(.camera(ParticipantID($0)), codec: .vp8),
                    OfferedTrack(.microphone(ParticipantID($0))),
                ]
            }
    }
}

/// A connection, and a Worker that does at once what it is asked for.
private final class Page {
    let connection: SubscribeConnection
    private(set) var log: [String] = []
    private(set) var words: [String] = []
    private(set) var carried: [String: TrackSource] = [:]
    private let parameters: WebRTCTransportParameters
    private var ids: UInt32 = 0
    /// Happens once, before the Worker's answer.
    var whileConsuming: ((SubscribeConnection) -> Void)?

    init(failures: Int = 0, style: SubscribeStyle = .page) throws {
        connection = SubscribeConnection(
            owner: ParticipantID(1),
            codecs: RoomCodecs(),
            style: style,
            failures: failures
        )
        parameters = try roomTransport()
    }

    func producer() throws -> ProducerID {
        ids += 1
        return ProducerID(ids)
    }

    /// Does what there is to do; returns the offer that was made, if there was one.
    func run() -> SubscribeOffer? {
        var offer: SubscribeOffer?
        while let step = connection.poll(now: Instant(nanoseconds: 100_000_000_000)) {
            var outcome = SubscribeConnection.Outcome.done
            switch step {
            case .close: log.append("close")
            case .closeConsumer: log.append("close consumer")
            case .connect:
                log.append("connect")
                outcome = .connected(true)
            case .consume(_, _, let options):
                ids += 1
                log.append("consume \(options.mid ?? "")")
                whileConsuming?(connection)
                whileConsuming = nil
                outcome = .consumed(mid: options.mid ?? "", ConsumerID(ids))
            case .make:
                log.append("make")
                outcome = .made(parameters)
            case .offer(let made, let tracks):
                log.append("offer \(made.id)")
                offer = made
                carried = tracks
            case .openChannel(let label, _):
                ids += 1
                log.append("channel \(label)")
                outcome = .channelOpened(label: label, DataConsumerID(ids))
            case .prioritise: log.append("prioritise")
            case .renew(let failures): log.append("renew \(failures)")
            case .restartICE: outcome = .restarted(parameters.iceCredentials)
            case .say(_, let refusal): words.append(refusal.message)
            case .show: log.append("show")
            case .updateICE: log.append("update")
            }
            connection.handle(outcome)
        }
        return offer
    }

    /// Takes an offer from outside for the answer to what was made of it.
    func answer(_ offer: SubscribeOffer, by sdp: String) throws {
        let reader = try #require(connection.reader(of: offer.id))
        connection.handleAnswer(
            Result { () throws(NegotiationError) in try reader.read(sdp, id: offer.id) },
            id: offer.id
        )
    }

    func answer(_ offer: SubscribeOffer, refusing mids: Set<String> = []) {
        guard let reader = connection.reader(of: offer.id),
            let sdp = try? answerToOffer(offer.sdp, refusing: mids)
        else {
            Issue.record("the offer cannot be answered")
            return
        }
        connection.handleAnswer(
            Result { () throws(NegotiationError) in try reader.read(sdp, id: offer.id) },
            id: offer.id
        )
    }
}
