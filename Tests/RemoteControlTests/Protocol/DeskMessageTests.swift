import RemoteControl
import TestSupport
import Testing
import Wire

@Suite struct DeskMessageTests {
    static let configuration = DeskConfiguration(
        framesPerSecond: 30,
        mtu: 1_200,
        streams: [
            DeskStream(name: .h264, payloadType: 102, port: 0x1234, ssrc: 0xdead_beef, bitrate: 2_500_000),
            DeskStream(
                name: .vp8,
                payloadType: 96,
                port: 5_000,
                ssrc: 2,
                bitrate: 2_000_000,
                isStarted: false
            ),
            DeskStream(name: .opus, payloadType: 111, port: 5_001, ssrc: 3, bitrate: 64_000),
        ]
    )

    static let effect = DeskEffect(
        lease: LeaseID(3),
        clientTime: .max,
        injected: 1_000,
        changed: 1_000,
        captured: 2_000_500,
        read: 3_000_500,
        sent: 1 << 62
    )

    static func commands() throws -> [DeskCommand] {
        [
            .configure(try #require(configuration)),
            .releaseAll(DeskMark(0x0102_0304)),
            .mark(DeskMark(7)),
            .startStream(.h264),
            .stopStream(.vp8ClearSmall),
            .cover(try #require(DeskCover(number: .max))),
            .cover(
                try #require(
                    DeskCover(
                        number: 7,
                        hidesAll: true,
                        rectangles: [
                            .init(x: 1, y: 2, width: 3, height: 4),
                            .init(x: 0, y: 0, width: .max, height: .max),
                        ],
                        windows: [0x60_0001, .max, 1]
                    )
                )
            ),
            .listWindows, .openVoices,
            .setScreenSize(try #require(DeskSize(width: 1_280, height: 720))),
            .setScreenSize(.smallest),
            .setScreenSize(.greatest),
            .setLayout(.dvorak),
            .releaseHand(DeskMark(0x1000_0007), try #require(FurtherHand(rawValue: 1))),
            .removeHand(try #require(FurtherHand(rawValue: 3))),
        ] + ControlEventTests.table.map { .input($0.1) }
    }

    static func reports() throws -> [DeskReport] {
        var statistics = DeskStatistics()
        statistics.framesCaptured = 1 << 40
        statistics.eventsDropped = 3
        statistics.framesRepeated = 4
        statistics.bytesSent = 1 << 41
        statistics.packetsDropped = 5
        statistics.latency = 6_000
        return [
            .status(DeskStatus(.live, width: 1_920, height: 1_080)),
            .status(DeskStatus(.failed, detail: .encoderFailed)),
            .cursor(.shape(try #require(CursorMessageTests.shape))),
            .cursor(.position(DeskPoint(x: 1, y: 2))),
            .statistics(statistics),
            .reached(DeskMark(.max)),
            .typed(TextReceipt(lease: LeaseID(7), sequence: 3, outcome: .noKey, delivered: 31)),
            .covered(DeskCovered(number: 3, since: 0x0102_0304_0506_0708)),
            .clipboardLink,
            .filesLink,
            .windows([]),
            .windows([DeskWindow(id: 1, title: ""), DeskWindow(id: .max, title: "Übung – 3")]),
            .windowLost(0x60_0001),
            .effect(effect),
            .screen(DeskScreenReport(.absent)),
            .screen(
                DeskScreenReport(
                    .refused,
                    width: 1_367,
                    height: 768,
                    largestWidth: 2_560,
                    largestHeight: 1_440
                )
            ),
            .clipboardLink, .voicesLink,
            .handCursor(try #require(FurtherHand(rawValue: 2)), .position(DeskPoint(x: 1, y: 2))),
            .handCursor(
                try #require(FurtherHand(rawValue: 3)),
                .shape(try #require(CursorMessageTests.shape))
            ),
            .handFailed(try #require(FurtherHand(rawValue: 1))),
            .layoutSet(.chFrench, isDone: true),
            .layoutSet(.us, isDone: false),
            .echoed(TypingEcho(.text, lease: LeaseID(7), sequence: 3, nil)),
            .held(
                HeldAnswer(
                    lease: LeaseID(7),
                    clientTime: 0xffff_fffe,
                    released: 3,
                    missing: HeldInput(
                        buttons: [.middle, .back],
                        keys: [DeskKey(try #require(Keysym("w")), at: try #require(KeyPlace(rawValue: 25)))]
                    )
                )
            ),
        ]
    }

    @Test func commandsComeBackAsTheyWere() throws {
        for command in try Self.commands() {
            let bytes = command.encoded()
            #expect(bytes.count == command.encodedLength)
            #expect(bytes.count <= DeskCommand.maximumLength)
            #expect(try DeskCommand(parsing: bytes.span.bytes) == command)
        }
    }

    @Test func reportsComeBackAsTheyWere() throws {
        for report in try Self.reports() {
            let bytes = report.encoded()
            #expect(bytes.count == report.encodedLength)
            #expect(try DeskReport(parsing: bytes.span.bytes) == report)
        }
    }

    @Test func anInputCommandIsTheEventAsItWasSent() throws {
        for (bytes, event) in ControlEventTests.table {
            #expect(DeskCommand.input(event).encoded() == [0x02] + bytes)
        }
    }

    @Test func refusesEveryTruncationAndEveryExtraByte() throws {
        for bytes in try Self.commands().map({ $0.encoded() }) {
            // A list that ends earlier is a shorter list.
            let isList = bytes[0] == 0x02 && bytes[1] >= 0x08
            let shortest = !isList ? 0 : bytes[1] == 0x0b ? 15 : bytes[1] == 0x09 ? 21 : 17
            for count in 0..<bytes.count where !isList || count < shortest {
                let prefix = Array(bytes.prefix(count))
                #expect(throws: MalformedMessage.self) { try DeskCommand(parsing: prefix.span.bytes) }
            }
            let longer = bytes + [0]
            #expect(throws: MalformedMessage.self) { try DeskCommand(parsing: longer.span.bytes) }
        }
        for bytes in try Self.reports().map({ $0.encoded() }) {
            // So is one of what is not held.
            for count in 0..<bytes.count where bytes[0] != 0x8c || bytes[1] != 0x53 || count < 15 {
                let prefix = Array(bytes.prefix(count))
                #expect(throws: MalformedMessage.self) { try DeskReport(parsing: prefix.span.bytes) }
            }
            let longer = bytes + [0]
            #expect(throws: MalformedMessage.self) { try DeskReport(parsing: longer.span.bytes) }
        }
    }

    @Test func theTimesOfAnEffectAreInOrder() {
        var effect = Self.effect
        effect.changed = effect.injected - 1
        let early = DeskReport.effect(effect).encoded()
        #expect(throws: MalformedMessage.self) { try DeskReport(parsing: early.span.bytes) }
        effect = Self.effect
        effect.sent = .max
        let late = DeskReport.effect(effect).encoded()
        #expect(throws: MalformedMessage.self) { try DeskReport(parsing: late.span.bytes) }
    }

    @Test func aConfigurationOutsideItsRangesDoesNotExist() {
        let stream = DeskStream(name: .h264, payloadType: 102, port: 1, ssrc: 1, bitrate: 1_000_000)
        func isValid(_ change: (inout DeskStream) -> Void) -> Bool {
            var changed = stream
            change(&changed)
            return DeskConfiguration(streams: [changed]) != nil
        }
        #expect(isValid { _ in })
        #expect(!isValid { $0.payloadType = 128 })
        #expect(!isValid { $0.port = 0 })
        #expect(!isValid { $0.bitrate = 0 })
        #expect(DeskConfiguration(streams: [stream, stream]) == nil)
        #expect(DeskConfiguration(framesPerSecond: 0, streams: [stream]) == nil)
        #expect(DeskConfiguration(framesPerSecond: 61, streams: [stream]) == nil)
        #expect(DeskConfiguration(mtu: 65_000, streams: [stream]) == nil)
    }

    @Test func aCoverOutsideItsRangesDoesNotExist() {
        let most = DeskCover.maximumCount
        let rectangle = DeskCover.Rectangle(x: 0, y: 0, width: 1, height: 1)
        #expect(
            DeskCover(
                number: 1,
                rectangles: Array(repeating: rectangle, count: most),
                windows: Array(repeating: 1, count: most)
            ) != nil
        )
        #expect(DeskCover(number: 1, rectangles: Array(repeating: rectangle, count: most + 1)) == nil)
        #expect(DeskCover(number: 1, windows: Array(repeating: 1, count: most + 1)) == nil)
        #expect(DeskCover(number: 1, windows: [0]) == nil)
        #expect(DeskCover(number: 1, rectangles: [.init(x: 0, y: 0, width: 0, height: 1)]) == nil)
        #expect(DeskCover(number: 1, rectangles: [.init(x: 0, y: 0, width: 1, height: 0)]) == nil)
    }

    /// The longest that fits; more of either is cut, and a letter stays whole.
    @Test func aListOfWindowsFitsIntoAReport() throws {
        let windows = (1...100).map { DeskWindow(id: $0, title: String(repeating: "ü", count: 100)) }
        #expect(windows[0].title == String(repeating: "ü", count: 80))
        let bytes = DeskReport.windows(windows).encoded()
        #expect(bytes.count <= DeskReport.maximumLength)
        let prefix = Array(windows.prefix(DeskWindow.maximumCount))
        #expect(try DeskReport(parsing: bytes.span.bytes) == .windows(prefix))
    }

    @Test func survivesArbitraryBytes() {
        var random = SplitMix64(seed: 3)
        for _ in 0..<10_000 {
            var bytes = random.bytes(upTo: 60)
            if !bytes.isEmpty { bytes[0] = bytes[0] % 11 | (bytes[0] & 0x80) }
            if let command = try? DeskCommand(parsing: bytes.span.bytes) {
                #expect(command.encoded() == bytes)
            }
            if let report = try? DeskReport(parsing: bytes.span.bytes) { #expect(report.encoded() == bytes) }
        }
    }
}
