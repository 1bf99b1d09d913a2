import Access
import Appliance
import HTTPTypes
import IO
import Testing
import Wire

/// People from outside in a session with a Worker: what is seen of them, and that nothing is left of them.
@Suite(.timeLimit(.minutes(1))) struct OutsideRoomTests {
    @Test func aPublisherIsSomebodyUntilItGoes() async throws {
        try await inRoom { room in
            let ada = await room.join("Ada")
            let before = await room.transports()
            let (secret, reply) = try await open(.publisher, in: room, named: "Hall camera")
            guard case .created(let sdp, let tag, _) = reply else { throw Unexpected(reply) }
            #expect(sdp.contains("a=simulcast:recv 0;1;2") && !tag.isEmpty)
            #expect(await ada.wait { $0.people.map(\.name) == ["Ada", "Hall camera"] })
            #expect(await room.transports() == before + 1, "it is sent nothing")
            let session = try await room.session.outside.session(secret, of: .publisher, showing: nil)
            #expect(await session.ask { $0.leave(now: .now()) } == .ended)
            #expect(await ada.wait { $0.people.map(\.name) == ["Ada"] })
            #expect(await room.session.outside.count == 0)
            #expect(await returns(to: before, room))
        }
    }

    @Test func aViewerIsRefusedWithoutADeskAndAnsweredWithOne() async throws {
        try await inRoom { room in
            do throws(APIProblem) {
                _ = try await open(.viewer, in: room)
                Issue.record("there is no desk")
            } catch {
                #expect(error.status.code == 409 && error.retryAfter == 5)
            }
            _ = await room.desk.connect()
            let (_, reply) = try await open(.viewer, in: room)
            guard case .created(let sdp, _, _) = reply else { throw Unexpected(reply) }
            #expect(sdp.contains("a=sendonly"))
            let vp9 = OutsideOffers.viewer.replacing("a=rtpmap:12", with: "a=x:")
            let (_, counter) = try await open(.viewer, in: room, offering: vp9)
            guard case .counter(let offer, 30, _) = counter else { throw Unexpected(counter) }
            #expect(offer.contains("H264/90000") && !offer.contains("webrtc-datachannel"))
        }
    }

    @Test func whoeverIsRemovedOrLosesTheRightIsGone() async throws {
        try await inRoom { room in
            _ = await room.desk.connect()
            let ada = await room.join("Ada")
            let before = await room.transports()
            for end in ["remove", "setRights"] {
                let (secret, _) = try await open(.viewer, in: room)
                #expect(await ada.wait { $0.people.count == 2 })
                let id = try #require(await ada.people.last?.id)
                ada.say(["type": end, "person": Int(id), "reason": "", "rights": ["watchOutside": false]])
                #expect(await ada.wait { $0.people.count == 1 }, "\(end)")
                #expect(await returns(to: before, room))
                await #expect(throws: APIProblem.self) { () async throws in
                    _ = try await room.session.outside.session(secret, of: .viewer, showing: nil)
                }
            }
        }
    }

    @Test func whoeverMayNotIsRefusedAndLeavesNothing() async throws {
        let policy = AdmissionPolicy { _ in .admitted(.observer, [.see, .hear, .camera]) }
        try await inRoom(policy: policy) { room in
            _ = await room.desk.connect()
            for client in OutsideClient.allCases {
                let (_, reply) = try await open(client, in: room)
                guard case .refused(let problem) = reply else { throw Unexpected(reply) }
                #expect(problem.status.code == 403)
            }
            #expect(await room.settle() == 0)
            #expect(await room.session.health().people == 0)
        }
    }

    @Test func manyWhoComeAndGoAtOnceLeaveNothing() async throws {
        try await inRoom { room in
            _ = await room.desk.connect()
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<12 {
                    group.addTask {
                        let client = OutsideClient.allCases[number % 2]
                        guard let (secret, _) = try? await open(client, in: room),
                            let session = try? await room.session.outside.session(
                                secret,
                                of: client,
                                showing: nil
                            )
                        else {
                            Issue.record("it is not let in")
                            return
                        }
                        async let one = session.ask { $0.leave(now: .now()) }
                        async let other = session.ask { $0.leave(now: .now()) }
                        let replies = await [one, other]
                        #expect(replies.contains(.ended))
                    }
                }
            }
            #expect(await room.settle() == 0)
            #expect(await room.session.outside.count == 0)
        }
    }

    // MARK: The room

    private struct Unexpected: Error {
        let reply: OutsideReply
        init(_ reply: OutsideReply) { self.reply = reply }
    }

    private func open(
        _ client: OutsideClient,
        in room: SessionRoom,
        offering sdp: String? = nil,
        named name: String? = nil
    ) async throws(APIProblem) -> (String, OutsideReply) {
        let (secret, reply) = try await room.session.outside.open(
            client,
            offering: sdp ?? (client == .viewer ? OutsideOffers.viewer : OutsideOffers.obs),
            showing: nil,
            named: name,
            from: NetworkShare(SocketAddress(ipv4: 0x0a00_0002, port: 0))
        )
        return (secret, reply)
    }

    private func returns(to count: Int, _ room: SessionRoom) async -> Bool {
        for _ in 0..<2_000 where await room.transports() != count {
            try? await Task.sleep(for: .milliseconds(5))
        }
        return await room.transports() == count
    }

    private func inRoom(
        policy: AdmissionPolicy = .everybody,
        _ body: (SessionRoom) async throws -> Void
    ) async throws {
        let room = try await SessionRoom(policy: policy)
        let result: Result<Void, any Error>
        do { result = .success(try await body(room)) } catch { result = .failure(error) }
        await room.end()
        try result.get()
    }
}
