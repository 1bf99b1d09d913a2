import Foundation
import Glibc
import GstBridge
import Testing
import Wire

/// What a client's decoder makes of a desk on which something is hidden: no trace of it, and no trace of what is done with it.
///
/// What a trace is, patterns tell that were never on any screen: by chance pictures are a little like those as well.
@Suite(.serialized, .enabled(if: Child.isInstalled("Xvfb") && Child.isInstalled("gst-launch-1.0")))
struct SecretPatternTests {
    private static let secret = SecretPattern(seed: 1)
    private static let other = SecretPattern(seed: 2)
    private static let decoys = (1_000..<1_048).map { SecretPattern(seed: $0) }

    @Test func aHiddenWindowLeavesNoTraceInAThousandMoves() throws {
        let desk = try SecretDesk()
        desk.receive { desk.hasPictures(ofAll: 2) }
        // Until now clients see it: that the desk is seen as it is, and the decoders decode.
        #expect(desk.cover(Cover(number: 1, windows: [desk.secret.id])))
        let mover = desk.mover(pause: 4_000...24_000)
        mover.start()
        desk.receive { mover.isFinished }

        let since = try #require(desk.statuses.covered(1))
        for (client, clinician) in [(CaptureStream.h264, CaptureStream.h264Clear), (.vp8, .vp8Clear)] {
            let before = try desk.likeness([Self.secret], client, mover, until: since)
            let seen = try desk.likeness([Self.secret, Self.other] + Self.decoys, client, mover, from: since)
            let clear = try desk.likeness([Self.secret], clinician, mover)
            let chance = LikenessOfChance(seen.dropFirst(2))
            #expect(before[0].peak > chance.peak, "\(client)")
            #expect(seen[0].peak <= chance.peak, "\(client)")
            #expect(seen[0].lasting <= chance.lasting, "\(client)")
            // Another application's window is seen all the while, but where the hidden one lies.
            #expect(share(of: seen[1], above: chance) > 0.5, "\(client)")
            // Any one picture of these in the client's stream would have been found.
            #expect(share(of: clear[0], above: chance) > 0.5, "\(clinician)")
            print(
                "\(client): the secret's correlation is at most \(seen[0].peak) in \(seen[0].highest.count) pictures,",
                "by chance up to \(chance.peak); the clinician's \(clear[0].peak)"
            )
        }
    }

    @Test func theCurtainLeavesNoTraceAndIsAsStillAsAPicture() throws {
        let desk = try SecretDesk()
        desk.receive { desk.hasPictures(ofAll: 2) }
        #expect(desk.cover(Cover(number: 1, hidesAll: true)))
        let since = try #require(desk.statuses.covered(1))
        // What the encoders have to improve of a picture that is all alike is soon done.
        desk.receiveUntilSilent()
        let still = desk.clients.map { desk.sent($0) }
        let clear = desk.sent(.h264Clear)

        let mover = desk.mover(pause: 1_000...4_000)
        mover.start()
        desk.receive { mover.isFinished }
        desk.receiveUntilSilent()
        #expect(desk.clients.map { desk.sent($0) } == still, "nothing is sent, as of a still picture")
        #expect(desk.sent(.h264Clear) > clear)
        #expect(desk.media.statistics.streams[.h264]?.keyFrames == 2, "the first, and the curtain's")

        // Whoever comes while something moves behind it begins with the curtain, and is told no more.
        let again = desk.mover(pause: 1_000...4_000)
        again.start()
        desk.askForKeyFrames()
        desk.receive { again.isFinished }
        for (client, clinician) in [(CaptureStream.h264, CaptureStream.h264Clear), (.vp8, .vp8Clear)] {
            let seen = try desk.likeness([Self.secret, Self.other] + Self.decoys, client, mover, from: since)
            let clear = try desk.likeness([Self.secret], clinician, mover)
            let chance = LikenessOfChance(seen.dropFirst(2))
            #expect(seen[0].highest.count > 1, "\(client)")
            for likeness in seen.prefix(2) {
                #expect(likeness.peak <= chance.peak, "\(client)")
                #expect(likeness.lasting <= chance.lasting, "\(client)")
            }
            #expect(share(of: clear[0], above: chance) > 0.5, "\(clinician)")
        }
    }

    @Test func whatHappensInAHiddenWindowCostsNothingAndIsNotToldByPackets() throws {
        let desk = try SecretDesk()
        desk.receive { desk.hasPictures(ofAll: 2) }
        #expect(desk.cover(Cover(number: 1, windows: [desk.secret.id])))
        let menu = desk.secret.openMenu(x: 40, y: 60, width: 60, height: 80)
        desk.receiveUntilSilent()
        let still = desk.clients.map { desk.sent($0) }
        let encoded = desk.clients.map { desk.media.statistics.streams[$0]?.frames }
        let clear = desk.sent(.h264Clear)
        // Also across the edge from the window to its menu.
        for step in 0..<100 {
            desk.secret.fill(UInt(step * 0x10305), x: step % 60, y: step % 40, width: 30, height: 20)
            usleep(10_000)
        }
        desk.receiveUntilSilent()
        #expect(desk.clients.map { desk.sent($0) } == still)
        #expect(desk.clients.map { desk.media.statistics.streams[$0]?.frames } == encoded)
        #expect(desk.sent(.h264Clear) > clear)

        // A newcomer who asks for a key frame just then gets one.
        let keyFrames = desk.media.statistics.streams[.h264]?.keyFrames ?? 0
        desk.askForKeyFrames()
        let isAnswered = eventually {
            desk.secret.fill(0xff, x: 10, y: 10, width: 30, height: 20)
            return (desk.media.statistics.streams[.h264]?.keyFrames ?? 0) > keyFrames
        }
        #expect(isAnswered)
        desk.secret.closeMenu(menu)
    }

    /// How many of the pictures look like it by more than chance.
    private func share(of likeness: Likeness, above chance: LikenessOfChance) -> Double {
        Double(likeness.highest.count { $0 > chance.peak }) / Double(max(1, likeness.highest.count))
    }
}

/// A desk with a secret window and another one, whose streams are all received and kept.
private final class SecretDesk {
    let clients = [CaptureStream.h264, .vp8]
    let screen: TestDisplay
    let secret: TestWindow
    let other: TestWindow
    let media: DeskMedia
    let statuses = StatusLog()
    private let receivers: [CaptureStream: RTPReceiver]
    private var packets: [CaptureStream: [RTPReceiver.Packet]] = [:]
    private static let (width, height) = (320, 240)

    init() throws {
        screen = try #require(TestDisplay(width: Self.width, height: Self.height))
        screen.fillWithSquares()
        secret = try #require(TestWindow(on: screen, x: 20, y: 20, pattern: SecretPattern(seed: 1)))
        other = try #require(TestWindow(on: screen, x: 190, y: 140, pattern: SecretPattern(seed: 2)))
        let statuses = statuses
        media = DeskMedia { statuses.append($0) }
        receivers = Dictionary(
            uniqueKeysWithValues: [CaptureStream.h264, .vp8, .h264Clear, .vp8Clear].map {
                ($0, RTPReceiver())
            }
        )
        media.start(DeskMediaConfiguration(display: screen.name, framesPerSecond: 60))
        for (stream, receiver) in receivers {
            media.startStream(
                CaptureStreamConfiguration(
                    stream: stream,
                    port: receiver.port,
                    ssrc: Self.ssrc(of: stream),
                    payloadType: 102
                )
            )
        }
    }

    deinit {
        // Before the screen: Xlib ends the process when the server goes away first.
        media.stop()
    }

    func mover(pause: ClosedRange<UInt32>) -> SecretMover {
        SecretMover(secret, other, width: Self.width, height: Self.height, pause: pause)
    }

    /// Hides this, and returns whether the desk has said so.
    func cover(_ cover: Cover) -> Bool {
        media.setCover(cover)
        receive { statuses.covered(cover.number) != nil }
        return statuses.covered(cover.number) != nil
    }

    // MARK: What is received

    /// Takes in what comes until `isEnough` says so, or two minutes are over.
    func receive(until isEnough: () -> Bool) {
        _ = eventually(120) {
            receive()
            return isEnough()
        }
    }

    /// Takes in what comes until nobody has sent a picture for half a second.
    func receiveUntilSilent() {
        var quiet = 0
        while quiet < 25 {
            usleep(20_000)
            let before = packets.values.reduce(0) { $0 + $1.count }
            receive()
            quiet = packets.values.reduce(0) { $0 + $1.count } == before ? quiet + 1 : 0
        }
    }

    private func receive() {
        for (stream, receiver) in receivers {
            packets[stream, default: []] += receiver.receive().filter { !$0.isRTCP }
        }
    }

    func hasPictures(ofAll count: Int) -> Bool {
        receivers.keys.allSatisfy { packets[$0, default: []].count(where: \.marker) >= count }
    }

    /// Bytes.
    func sent(_ stream: CaptureStream) -> Int {
        packets[stream, default: []].reduce(0) { $0 + $1.bytes.count }
    }

    func askForKeyFrames() {
        for stream in clients { receivers[stream]?.sendPictureLossIndication(for: Self.ssrc(of: stream)) }
    }

    /// Decodes what a stream has sent before or since a moment, and compares it.
    ///
    /// From that moment on clients get what begins with a key frame.
    func likeness(
        _ patterns: [SecretPattern],
        _ stream: CaptureStream,
        _ mover: SecretMover,
        until end: Instant? = nil,
        from start: Instant? = nil
    ) throws -> [Likeness] {
        let ssrc = Self.ssrc(of: stream)
        var chosen = packets[stream, default: []]
        if let end {
            let end = stream.timestamp(at: end, ssrc: ssrc)
            chosen = chosen.filter { Int32(bitPattern: $0.timestamp &- end) < 0 }
        }
        if let start {
            let start = stream.timestamp(at: start, ssrc: ssrc)
            chosen = Array(
                chosen.filter { Int32(bitPattern: $0.timestamp &- start) >= 0 }
                    .drop { !ForeignDecoder.isKeyFrame($0, of: stream) }
            )
        }
        let pictures = try #require(ForeignDecoder.decode(chosen, of: stream))
        return pictures.withUnsafeBytes {
            Likeness.of(
                patterns,
                in: $0,
                width: Self.width,
                height: Self.height,
                at: mover.places + [(20, 20)]
            )
        }
    }

    private static func ssrc(of stream: CaptureStream) -> UInt32 { 100 + UInt32(stream.rawValue) }
}
