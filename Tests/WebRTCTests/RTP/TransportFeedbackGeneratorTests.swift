import TestSupport
import Testing
import WebRTC
import Wire

@Suite struct TransportFeedbackGeneratorTests {
    private var generator = TransportFeedbackGenerator()
    private var now = Instant(nanoseconds: 640_000_000)

    private struct Report: Equatable {
        var base: UInt16
        var count: UInt8
        /// Milliseconds of our clock; `nil`: not received.
        var arrivals: [Int64?]
    }

    private mutating func receive(_ numbers: UInt16...) {
        for number in numbers { generator.handle(SequenceNumber(number), now: now) }
    }

    /// Every message that is due, read back.
    private mutating func reports() throws -> [Report] {
        var reports: [Report] = []
        while true {
            var isDue = false
            let bytes = written { isDue = generator.pollFeedback(from: 1, about: 2, now: now, into: &$0) }
            guard isDue else {
                #expect(bytes.isEmpty)
                return reports
            }
            #expect(bytes.count <= 1_200)
            var packets = RTCPPackets()
            let next = try packets.next(in: bytes.span.bytes)
            let element = try #require(next)
            let feedback = try TransportFeedback(
                RTCPFeedback(element, in: bytes.span.bytes),
                in: bytes.span.bytes
            )
            var arrivals: [Int64?] = []
            try feedback.forEachPacket(in: bytes.span.bytes) { arrivals.append($1?.milliseconds) }
            reports.append(
                Report(base: feedback.base.rawValue, count: feedback.feedbackCount, arrivals: arrivals)
            )
        }
    }

    @Test mutating func nothingIsReportedWithoutPackets() throws {
        #expect(generator.pollTimeout() == nil)
        #expect(try reports() == [])
    }

    @Test mutating func aReportIsDueATenthOfASecondAfterItsFirstPacket() throws {
        receive(10)
        #expect(generator.pollTimeout() == now + .milliseconds(100))
        now += .milliseconds(99)
        receive(11)
        #expect(try reports() == [])
        now += .milliseconds(1)
        #expect(try reports() == [Report(base: 10, count: 0, arrivals: [640, 739])])
        #expect(generator.pollTimeout() == nil)
        #expect(try reports() == [])
    }

    @Test mutating func lossReorderingAndTheWrapAreReported() throws {
        receive(65_534)
        now += .milliseconds(20)
        receive(1)
        now += .milliseconds(10)
        receive(65_535)
        now += .milliseconds(100)
        #expect(try reports() == [Report(base: 65_534, count: 0, arrivals: [640, 670, nil, 660])])
    }

    @Test mutating func theNextReportBeginsWhereTheLastEnded() throws {
        receive(10)
        now += .milliseconds(100)
        #expect(try reports().map(\.base) == [10])
        // 10 was reported and 12 is lost: the second report has both 11, which was not, and 13.
        receive(10, 11, 13)
        now += .milliseconds(100)
        #expect(try reports() == [Report(base: 11, count: 1, arrivals: [740, nil, 740])])
    }

    // MARK: Late packets

    @Test mutating func aPacketThatCameAfterItsReportIsInTheNextOne() throws {
        receive(10, 12)
        now += .milliseconds(100)
        #expect(try reports() == [Report(base: 10, count: 0, arrivals: [640, nil, 640])])
        now += .milliseconds(5)
        receive(11)
        now += .milliseconds(10)
        receive(13)
        now += .milliseconds(100)
        #expect(try reports() == [Report(base: 11, count: 1, arrivals: [745, 640, 755])])
        #expect(generator.pollTimeout() == nil)
    }

    @Test mutating func aLatePacketAloneMakesAReport() throws {
        receive(10, 12)
        now += .milliseconds(100)
        _ = try reports()
        receive(11)
        #expect(generator.pollTimeout() == now + .milliseconds(100))
        now += .milliseconds(100)
        #expect(try reports() == [Report(base: 11, count: 1, arrivals: [740, 640])])
    }

    @Test mutating func oneThatTheVeryFirstHasOvertakenIsToldOf() throws {
        receive(1)
        now += .milliseconds(100)
        _ = try reports()
        receive(65_534)
        now += .milliseconds(100)
        #expect(try reports() == [Report(base: 65_534, count: 1, arrivals: [740, nil, nil, 640])])
    }

    @Test mutating func aPacketThatWasToldOfAndComesAgainMakesNoReport() throws {
        receive(10, 11)
        now += .milliseconds(100)
        _ = try reports()
        receive(10, 11)
        #expect(generator.pollTimeout() == nil)
    }

    /// However far back the numbers go, what came long ago is not told again.
    @Test mutating func whatIsLaterThanHalfASecondIsGivenUp() throws {
        receive(10, 12, 14)
        now += .milliseconds(100)
        _ = try reports()
        now += .milliseconds(400)
        receive(15)
        now += .milliseconds(100)
        #expect(try reports() == [Report(base: 15, count: 1, arrivals: [1_140])])
        receive(11, 13)
        now += .milliseconds(100)
        #expect(try reports() == [])
        #expect(generator.pollTimeout() == nil)
    }

    /// Five pairs of sixty change places, a report between the two of each.
    @Test mutating func whateverOrderPacketsComeInNoneLooksLostInTheEnd() throws {
        var order = Array(0..<60 as Range<UInt16>)
        for place in stride(from: 9, to: 59, by: 10) { order.swapAt(place, place + 1) }
        var told: [UInt16: Bool] = [:]
        for (place, number) in order.enumerated() {
            receive(number)
            now += .milliseconds(10)
            guard place % 10 == 9 else { continue }
            now += .milliseconds(5)
            for report in try reports() {
                for (index, arrival) in report.arrivals.enumerated() {
                    let number = report.base &+ UInt16(index)
                    told[number] = arrival != nil || told[number] ?? false
                }
            }
        }
        now += .milliseconds(100)
        for report in try reports() {
            for (index, arrival) in report.arrivals.enumerated() where arrival != nil {
                told[report.base &+ UInt16(index)] = true
            }
        }
        #expect(told.count == 60)
        #expect(told.values.allSatisfy { $0 })
    }

    @Test mutating func manyPacketsTakeSeveralMessages() throws {
        for number in 0..<1_000 as Range<UInt16> { receive(number) }
        now += .milliseconds(100)
        let all = try reports()
        #expect(all.map(\.base) == [0, 400, 800])
        #expect(all.map(\.count) == [0, 1, 2])
        #expect(all.map(\.arrivals.count) == [400, 400, 200])
        #expect(generator.pollTimeout() == nil)
    }

    @Test mutating func aPauseLongerThanADeltaTakesAnotherMessage() throws {
        receive(1)
        now += .seconds(9)
        receive(2)
        #expect(
            try reports() == [
                Report(base: 1, count: 0, arrivals: [640]), Report(base: 2, count: 1, arrivals: [9_640]),
            ]
        )
    }

    @Test(arguments: [20_000, 60_000] as [UInt16])
    mutating func numberingThatBeginsAnewIsFollowed(restart: UInt16) throws {
        receive(10_000)
        now += .milliseconds(100)
        _ = try reports()
        receive(restart, restart + 1)
        now += .milliseconds(100)
        #expect(try reports() == [Report(base: restart, count: 1, arrivals: [740, 740])])
    }

    @Test mutating func theMessageCountWraps() throws {
        for number in 0..<260 as Range<UInt16> {
            receive(number)
            now += .milliseconds(100)
            #expect(try reports().map(\.count) == [UInt8(truncatingIfNeeded: number)])
        }
    }
}
