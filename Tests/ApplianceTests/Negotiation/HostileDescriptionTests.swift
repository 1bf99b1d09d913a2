import Appliance
import Foundation
import SFU
import Testing
import WebRTC
import Wire

/// Descriptions that are made to be expensive: twice as much of anything is read in at most twice the time.
@Suite(.serialized) struct HostileDescriptionTests {
    @Test(arguments: Shape.allCases)
    func twiceAsMuchOfAnythingTakesAtMostTwiceAsLong(_ shape: Shape) throws {
        let (half, whole) = (shape.count / 2, shape.count)
        let texts = try [half, whole].map { try shape.offer($0) }
        #expect(texts[1].utf8.count <= SessionDescription.maximumLength)
        let transport = try roomTransport()
        let costs = Self.costs(texts) { text in
            guard let offer = try? PublishOffer(parsing: text) else { return }
            _ = offer.answer(transport: transport, accepting: Set(offer.media.map(\.mid)))
        }
        #expect(costs[1] < 3 * costs[0], "\(costs[0]) and \(costs[1]) µs")
    }

    @Test(arguments: Shape.allCases)
    func twiceAsMuchInAnAnswerTakesAtMostTwiceAsLong(_ shape: Shape) throws {
        var session = try SubscribeSession(transport: roomTransport())
        _ = session.add(.video, streamID: "desk", trackID: "picture")
        _ = session.add(.audio, streamID: "desk-sound", trackID: "sound")
        let answer = try answerToOffer(session.offer().sdp)
        let texts = [shape.count / 2, shape.count].map { shape.lengthen(answer, $0) }
        let reader = session
        let costs = Self.costs(texts) { _ = try? reader.read($0, id: 1) }
        #expect(costs[1] < 3 * costs[0], "\(costs[0]) and \(costs[1]) µs")
    }

    @Test func aFullRoomsAnswerIsReadInProportionToItsSections() throws {
        var session = try SubscribeSession(transport: roomTransport())
        var answers: [String] = []
        var readers: [Int: (session: SubscribeSession, offer: Int)] = [:]
        for count in [60, 120] {
            while session.slots.count < count {
                _ = session.add(
                    session.slots.count.isMultiple(of: 2) ? .video : .audio,
                    streamID: "s",
                    trackID: "t"
                )
            }
            let offer = session.offer()
            let answer = try answerToOffer(offer.sdp)
            answers.append(answer)
            readers[answer.utf8.count] = (session, offer.id)
            #expect(try session.read(answer, id: offer.id).accepted.count == count)
        }
        let costs = Self.costs(answers) { answer in
            guard let reader = readers[answer.utf8.count] else { return }
            _ = try? reader.session.read(answer, id: reader.offer)
        }
        #expect(costs[1] < 3 * costs[0], "\(costs[0]) and \(costs[1]) µs")
    }

    @Test func aGroupThatNamesASectionTwiceIsRefused() throws {
        let text = try recording("chromium-data").replacing("BUNDLE 0", with: "BUNDLE 0 0")
        #expect(throws: NegotiationError.invalid("the group names a section twice")) {
            try PublishOffer(parsing: text)
        }
    }

    /// The least processor time of several runs by turns, µs.
    private static func costs(_ texts: [String], _ read: (String) -> Void) -> [Double] {
        var costs = Array(repeating: Double.infinity, count: texts.count)
        for _ in 0..<7 {
            for (index, text) in texts.enumerated() {
                let start = processorTime()
                read(text)
                costs[index] = min(costs[index], processorTime() - start)
            }
        }
        return costs
    }

    /// Of this thread: what else the machine does is no part of it.
    private static func processorTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
    }

    enum Shape: String, CaseIterable, Sendable {
        case attributes, bundleMarks, bundleRepeated, bundleUnknown, candidates, extmaps, feedback,
            fingerprints
        case flags, fmtpLines, fmtpParameters, formats, groups, longLine, marks, mids, rids, rtpmaps, sections
        case simulcast, ssrcGroups, ssrcs

        /// How much of it goes into a description.
        var count: Int {
            switch self {
            case .attributes, .candidates, .extmaps, .feedback, .fmtpLines, .groups, .mids, .rids, .rtpmaps,
                .ssrcGroups, .ssrcs:
                10_000
            case .fingerprints: 4_000
            case .bundleRepeated, .bundleUnknown, .fmtpParameters, .simulcast: 60_000
            case .bundleMarks, .marks: 200_000
            case .flags: 100_000
            case .longLine: 400_000
            case .formats: 120
            case .sections: 150
            }
        }

        func offer(_ count: Int) throws -> String { try lengthen(recording("chromium-media"), count) }

        /// A description with `count` of this.
        func lengthen(_ text: String, _ count: Int) -> String {
            switch self {
            case .bundleRepeated:
                return text.replacing("BUNDLE 0", with: "BUNDLE" + String(repeating: " 0", count: count))
            // Scalars that belong together make one letter, however many they are.
            case .bundleMarks:
                return text.replacing(
                    "BUNDLE 0",
                    with: "BUNDLE 0 e" + String(repeating: "\u{301}", count: count)
                )
            case .bundleUnknown:
                return text.replacing("BUNDLE 0", with: "BUNDLE 0" + (0..<count).map { " x\($0)" }.joined())
            case .formats:
                return text.replacing(
                    "m=video 9 UDP/TLS/RTP/SAVPF",
                    with: "m=video 9 UDP/TLS/RTP/SAVPF " + (0..<count).map { "\($0)" }.joined(separator: " ")
                )
            case .groups:
                return text.replacing(
                    "a=msid-semantic",
                    with: lines(count) { _ in "group:LS 0 1" } + "a=msid-semantic"
                )
            case .sections:
                return text
                    + (0..<count).map {
                        "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:x\($0)\r\na=rtcp-mux\r\na=rtpmap:96 VP8/90000\r\n"
                    }
                    .joined()
            default: return text + lines(count, line)
            }
        }

        private func lines(_ count: Int, _ line: (Int) -> String) -> String {
            switch self {
            case .fmtpParameters: "a=fmtp:96 " + String(repeating: "x=1;", count: count) + "\r\n"
            case .flags: "a=x" + String(repeating: "\u{1f1e9}", count: count) + ":y\r\n"
            case .marks: "a=fmtp:96 e" + String(repeating: "\u{301}", count: count) + "\r\n"
            case .longLine: "a=x:" + String(repeating: "y", count: count) + "\r\n"
            case .simulcast: "a=simulcast:send " + String(repeating: "a;", count: count) + "\r\n"
            default: (0..<count).map { "a=" + line($0) + "\r\n" }.joined()
            }
        }

        private func line(_ number: Int) -> String {
            switch self {
            case .candidates: "candidate:1 1 udp 1 192.0.2.1 9 typ host"
            case .extmaps: "extmap:\(number % 14 + 1) urn:x:\(number)"
            case .feedback: "rtcp-fb:96 nack"
            case .fingerprints:
                "fingerprint:sha-256 " + Array(repeating: "AB", count: 31).joined(separator: ":")
            case .fmtpLines: "fmtp:\(number % 128) x=\(number)"
            case .mids: "mid:\(number)"
            case .rids: "rid:\(number) send"
            case .rtpmaps: "rtpmap:\(number % 128) VP8/90000"
            case .ssrcGroups: "ssrc-group:FID \(number) \(number + 1)"
            case .ssrcs: "ssrc:\(number) cname:x"
            default: "x:\(number)"
            }
        }
    }
}
