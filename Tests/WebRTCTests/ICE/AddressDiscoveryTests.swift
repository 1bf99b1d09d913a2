import TestSupport
import Testing
import WebRTC
import Wire

@Suite struct AddressDiscoveryTests {
    private let server = SocketAddress(ipv4: 0xc000_0201, port: 3_478)
    private let outside = SocketAddress(ipv4: 0xcb00_7107, port: 31_234)
    private var random = RandomSource(seed: 5)
    private var discovery: AddressDiscovery

    init() { discovery = AddressDiscovery(server: server, now: Instant(nanoseconds: 0)) }

    @Test mutating func itAsksAtOnceAndKnowsWhatIsAnswered() throws {
        let id = try #require(try ask(at: 0))
        #expect(discovery.mapped == nil)
        let isTaken = discovery.handle(answer(id).span.bytes, from: server, now: at(40))
        #expect(isTaken)
        #expect(discovery.mapped == outside)
        // And again in time for a router to keep its mapping.
        #expect(discovery.pollTimeout() == at(25_040))
        #expect(try ask(at: 1_000) == nil)
        let next = try #require(try ask(at: 25_040))
        #expect(next != id)
    }

    @Test mutating func itAsksMoreAndMoreSlowlyUntilItIsAnswered() throws {
        let id = try #require(try ask(at: 0))
        var times: [Int64] = []
        for millisecond in stride(from: 100 as Int64, through: 16_000, by: 100) {
            if let again = try ask(at: millisecond) {
                #expect(again == id)
                times.append(millisecond)
            }
        }
        #expect(times == [500, 1_500, 3_500, 7_500, 15_500])
    }

    @Test mutating func aServerThatFallsSilentIsNotBelievedForEver() throws {
        let id = try #require(try ask(at: 0))
        _ = discovery.handle(answer(id).span.bytes, from: server, now: at(0))
        for millisecond in stride(from: 25_000 as Int64, through: 70_000, by: 500) {
            _ = try ask(at: millisecond)
        }
        #expect(discovery.mapped == nil)
    }

    @Test mutating func onlyTheServersAnswerToThisQuestionIsTaken() throws {
        let id = try #require(try ask(at: 0))
        let other = STUNTransactionID(high: id.high, low: id.low ^ 1)
        let elsewhere = SocketAddress(ipv4: 0xc000_0202, port: 3_478)
        let isOther = discovery.handle(answer(other).span.bytes, from: server, now: at(1))
        let isElsewhere = discovery.handle(answer(id).span.bytes, from: elsewhere, now: at(1))
        #expect(!isOther && !isElsewhere)
        let bytes = answer(id)
        for count in 0..<bytes.count {
            let isTaken = discovery.handle(Array(bytes[..<count]).span.bytes, from: server, now: at(1))
            #expect(!isTaken)
        }
        #expect(discovery.mapped == nil)
        let isTaken = discovery.handle(bytes.span.bytes, from: server, now: at(1))
        let isTakenAgain = discovery.handle(bytes.span.bytes, from: server, now: at(1))
        #expect(isTaken && !isTakenAgain)
    }

    /// The transaction of what is sent now, if anything is.
    private mutating func ask(at millisecond: Int64) throws -> STUNTransactionID? {
        var queue = TransmitQueue(capacity: 4)
        discovery.pollTransmit(now: at(millisecond), using: &random, into: &queue)
        guard let destination = queue.datagrams.last?.destination else { return nil }
        #expect(destination == server)
        let request = try queue.withBytes(at: 0) { bytes in try STUNMessage(parsing: bytes) }
        #expect(request.kind == .request && request.hasFingerprint)
        return request.transactionID
    }

    private func answer(_ id: STUNTransactionID) -> [UInt8] {
        written { response in
            response.appendSTUNHeader(.successResponse, id)
            response.appendSTUNXORMappedAddress(outside, id)
        }
    }

    private func at(_ millisecond: Int64) -> Instant { Instant(nanoseconds: millisecond * 1_000_000) }
}
