import TestSupport
import Testing
import WebRTC
import Wire

/// Who is let in, and what an allocation is (RFC 8656 §7, §8; RFC 8489 §9.2).
@Suite struct TURNConnectionTests {
    @Test func whoDoesNotSayWhoTheyAreIsAskedFirst() {
        var client = TURNClient()
        let bytes = written { out in
            out.appendSTUNHeader(.request, method: TURNMethod.allocate, STUNTransactionID(high: 1, low: 1))
            out.appendTURNTransport(17)
        }
        let answer = client.send(bytes).first
        #expect(answer?.code == 401)
        #expect(answer?.text(answer?.attributes.realm) == "room.example")
        #expect((answer?.text(answer?.attributes.nonce) ?? "").utf8.count >= 16)
        #expect(client.output.events.isEmpty)
    }

    @Test func whoIsKnownGetsAnAllocation() throws {
        var client = TURNClient()
        client.learn()
        let made = client.allocate()
        let answer = try #require(made)
        #expect(answer.isSuccess && answer.method == TURNMethod.allocate)
        // Nothing of how the network inside is built.
        #expect(answer.attributes.relayedAddress == SocketAddress(ipv4: 0x7f00_0001, port: 50_001))
        #expect(answer.attributes.lifetime == 600)
        #expect(answer.mappedAddress == TURNClient.address)
        let isAuthentic = try STUNMessage(parsing: answer.bytes.span.bytes)
            .isAuthentic(answer.bytes.span.bytes, key: client.key)
        #expect(isAuthentic)
        #expect(client.connection.isAllocated)
    }

    @Test func whoeverAllocatesIsNamedToTheOwnerWithoutTheTime() {
        var client = TURNClient(id: 12)
        client.learn()
        client.send(client.request(TURNMethod.allocate) { out, _ in out.appendTURNTransport(17) })
        #expect(client.output.events == [.wanted(person: "12")])
        #expect(client.answer(.refused(486))?.code == 486)
        #expect(!client.connection.isAllocated)
        // It may try again.
        #expect(client.allocate()?.isSuccess == true)
    }

    @Test func anotherPasswordNameOrRealmIsRefused() {
        var client = TURNClient()
        client.learn()
        for change: (inout TURNClient) -> Void in [
            { $0.key[0] ^= 1 }, { $0.name += "0" }, { $0.realm = "other" }, { $0.rename("1700000060") },
            { $0.rename("never:7") }, { $0.rename("9999999999999999999999:7") },
        ] {
            var other = client
            change(&other)
            #expect(other.ask(TURNMethod.allocate) { out, _ in out.appendTURNTransport(17) }?.code == 401)
            #expect(other.output.events.isEmpty)
        }
    }

    @Test func aNameIsGoodUntilItExpires() {
        var client = TURNClient(expires: 5)
        client.learn()
        client.advance(.seconds(4))
        var late = client
        late.advance(.seconds(1))
        #expect(client.allocate()?.isSuccess == true)
        #expect(late.ask(TURNMethod.allocate) { out, _ in out.appendTURNTransport(17) }?.code == 401)
        // Browsers go on with the name that they began with.
        client.advance(.seconds(10))
        #expect(client.refresh(600)?.isSuccess == true)
    }

    @Test func whatWasSentWithAnOldNonceIsAskedForAgain() {
        var client = TURNClient(expires: 10_000)
        client.learn()
        #expect(client.allocate(lifetime: 3_600)?.isSuccess == true)
        client.advance(.seconds(3_599))
        #expect(client.refresh(3_600)?.isSuccess == true)
        client.advance(.seconds(1))
        let answer = client.refresh(3_600)
        #expect(answer?.code == 438)
        client.nonce = answer?.text(answer?.attributes.nonce) ?? ""
        #expect(client.refresh(3_600)?.isSuccess == true)
    }

    @Test func aRequestThatLacksWhatItNeedsIsRefused() {
        var client = TURNClient()
        client.learn()
        #expect(client.ask(TURNMethod.allocate)?.code == 400)
        #expect(client.ask(TURNMethod.allocate) { out, _ in out.appendTURNTransport(6) }?.code == 442)
        let other = client.ask(TURNMethod.allocate) { out, _ in
            out.appendTURNTransport(17)
            out.appendTURNAddressFamily(3)
        }
        #expect(other?.code == 440)
        // ICE's, of which TURN knows nothing.
        let unknown = client.ask(TURNMethod.allocate) { out, _ in
            out.appendTURNTransport(17)
            out.appendSTUNPriority(1)
        }
        #expect(unknown?.code == 420)
        #expect(client.refresh(600)?.code == 437)
        #expect(client.permit(TURNClient.room)?.code == 437)
        #expect(client.bind(0x4000, to: TURNClient.room)?.code == 437)
        #expect(client.output.refused == [437])
    }

    @Test func thereIsOneAllocationAndItsOwnersOnly() {
        var client = TURNClient()
        client.learn()
        #expect(client.allocate()?.isSuccess == true)
        #expect(client.ask(TURNMethod.allocate) { out, _ in out.appendTURNTransport(17) }?.code == 437)
        var other = client
        other.rename(TURNCredentials.username(for: 8, until: TURNClient.epoch + 60))
        #expect(other.refresh(0)?.code == 441)
        #expect(other.connection.isAllocated)
    }

    @Test func whileOneIsMadeThereIsNoOther() {
        var client = TURNClient()
        client.learn()
        let request = client.request(TURNMethod.allocate) { out, _ in out.appendTURNTransport(17) }
        client.send(request)
        #expect(client.output.events.count == 1)
        #expect(client.send(request).first?.code == 437)
        #expect(client.answer(.made(port: 1, peers: [TURNClient.room]))?.isSuccess == true)
    }

    @Test func itLastsAsLongAsItIsRefreshed() {
        var client = TURNClient()
        client.learn()
        #expect(client.allocate(lifetime: 60)?.attributes.lifetime == 600)
        client.advance(.seconds(599))
        #expect(client.refresh(100_000)?.attributes.lifetime == 3_600)
        #expect(client.connection.pollTimeout() == client.now + .seconds(3_600))
        client.wait(until: client.now + .seconds(3_600))
        #expect(client.output.events == [.released])
        #expect(!client.connection.isAllocated)
        client.wait(until: client.now + .seconds(10))
        #expect(client.output.events == [.ended])
        #expect(client.connection.pollTimeout() == nil)
    }

    @Test func itEndsWhenTheClientSaysSo() {
        var client = TURNClient()
        client.learn()
        #expect(client.allocate()?.isSuccess == true)
        #expect(client.refresh(0)?.attributes.lifetime == 0)
        #expect(client.output.events == [.released])
        #expect(client.allocate()?.isSuccess == true)
    }

    @Test func whoHasNoneInTimeIsSentAway() {
        var client = TURNClient()
        client.learn()
        client.wait(until: client.now + TURNConnection.allocationTimeout + Interval(nanoseconds: -1))
        #expect(client.output.events.isEmpty)
        client.wait(until: Instant(nanoseconds: 0) + TURNConnection.allocationTimeout)
        #expect(client.output.events == [.ended])
        #expect(client.send(client.request(TURNMethod.allocate)).isEmpty)
    }

    @Test func whoIsRefusedAgainAndAgainIsSentAway() {
        var client = TURNClient()
        var count = 0
        while !client.output.events.contains(.ended), count < 100 {
            client.learn()
            count += 1
        }
        #expect((2...32).contains(count))
    }

    @Test func anAllocationThatComesTooLateIsLetGo() {
        var client = TURNClient()
        client.learn()
        client.send(client.request(TURNMethod.allocate) { out, _ in out.appendTURNTransport(17) })
        client.wait(until: client.now + TURNConnection.allocationTimeout)
        #expect(client.output.events == [.ended])
        #expect(client.answer(.made(port: 1, peers: [])) == nil)
        #expect(client.output.events == [.released])
    }

    @Test func anybodyIsToldWhereTheyComeFrom() {
        var client = TURNClient()
        let bytes = written { $0.appendSTUNHeader(.request, STUNTransactionID(high: 1, low: 1)) }
        let answer = client.send(bytes).first
        #expect(answer?.isSuccess == true)
        #expect(answer?.mappedAddress == TURNClient.address)
    }

    @Test func whatIsNoTURNEndsTheConnection() {
        var client = TURNClient()
        client.learn()
        #expect(client.allocate()?.isSuccess == true)
        client.send(Array("GET / HTTP/1.1\r\n".utf8))
        #expect(client.output.events == [.released, .ended])
    }

    @Test func noBytesTrapIt() {
        var random = SplitMix64(seed: 3)
        var template = TURNClient()
        template.learn()
        _ = template.allocate()
        for _ in 0..<2_000 {
            var client = template
            var bytes = client.request(TURNMethod.channelBind) { out, id in
                out.appendTURNChannelNumber(0x4000)
                out.appendTURNPeerAddress(TURNClient.room, id)
            }
            for count in stride(from: 0, to: bytes.count, by: 7) {
                var cut = client
                cut.send(Array(bytes[..<count]))
            }
            for _ in 0..<3 {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                bytes[place] = .random(in: .min ... .max, using: &random)
            }
            client.send(bytes)
            client.send(random.bytes(upTo: 200))
        }
    }
}
