internal import Foundation
internal import IO
internal import Participant
internal import WebRTC
internal import Wire

/// Our own Worker in its process.
final class Room: Forwarder {
    struct Transport {
        var id: String
        var credentials: ICECredentials
        /// The participant's own, which the room knows.
        var local: ICECredentials
    }

    let name: String
    let process: ProcessUnderTest
    private(set) var videoAddress = SocketAddress(ipv4: Context.loopback, port: 0)
    private(set) var audioAddress = SocketAddress(ipv4: Context.loopback, port: 0)
    /// The desk's picture and sound.
    private(set) var deskProducers: [String] = []
    private var address: SocketAddress
    private let fingerprint: DTLSFingerprint
    private let hasVideo: Bool
    /// The transports of viewers, in order.
    private var viewers: [String] = []

    /// - Parameter before: Another `bench-room`, of an older tree; `nil`: the one beside this program.
    init(_ context: Context, hasVideo: Bool = true, before: String? = nil) throws {
        let path =
            before
            ?? URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appendingPathComponent("bench-room").path
        name = before == nil ? "deskroom" : "deskroom before"
        self.hasVideo = hasVideo
        address = context.room
        process = try ProcessUnderTest(
            path,
            context.certificate.fingerprint.sdp.split(separator: " ").map(String.init)
        )
        let ready = try process.readLine()
        guard ready.count == 4, let port = UInt16(ready[1]),
            let value = DTLSFingerprint(sdp: ready[2...].joined(separator: " "))
        else { throw BenchmarkError("bench-room is not ready: \(ready)") }
        fingerprint = value
        address.port = port
        if hasVideo { videoAddress.port = try makePlain("video", DeskFeed.videoSSRC) }
        audioAddress.port = try makePlain("audio", DeskFeed.audioSSRC)
    }

    func addViewer(to loop: Loop, _ context: Context) throws {
        let (viewer, transport) = try makeViewer(context)
        viewers.append(transport)
        try loop.add(viewer)
    }

    /// Somebody leaves without a word, and somebody else comes.
    func replaceViewer(_ index: Int, in loop: Loop, _ context: Context) throws {
        _ = try process.ask("close \(viewers[index])")
        let (viewer, transport) = try makeViewer(context)
        viewers[index] = transport
        try loop.replace(index, with: viewer)
    }

    private func makeViewer(_ context: Context) throws -> (viewer: Viewer, transport: String) {
        let transport = try makeTransport()
        let participant = try context.makeParticipant(
            transport.credentials,
            address,
            fingerprint,
            local: transport.local
        )
        for (index, producer) in deskProducers.enumerated() {
            try consume(producer, isVideo: hasVideo && index == 0, on: transport, participant)
        }
        let viewer = try Viewer(participant, remote: address, gluesPackets: context.gluesPackets)
        return (viewer, transport.id)
    }

    /// The newest viewer leaves.
    func removeViewer(from loop: Loop) throws {
        guard let transport = viewers.popLast() else { return }
        loop.removeLast()
        _ = try process.ask("close \(transport)")
    }

    /// Joins a person as a browser does, with a connection each way; returns the producers of camera and
    /// microphone.
    func addPerson(_ number: Int, to loop: Loop, _ context: Context) throws -> [String] {
        let ssrc = UInt32(10_000 + 10 * number)
        let transport = try makeTransport()
        let participant = try context.makeParticipant(
            transport.credentials,
            address,
            fingerprint,
            local: transport.local
        )
        let video = try process.ask("produce \(transport.id) video \(ssrc) \(ssrc + 1)")[1]
        let audio = try process.ask("produce \(transport.id) audio \(ssrc + 2) 0")[1]
        participant.publish(.camera(ssrc, rtx: ssrc + 1), now: .now())
        participant.publish(.microphone(ssrc + 2), now: .now())
        try loop.add(Viewer(participant, remote: address, gluesPackets: context.gluesPackets))
        return [video, audio]
    }

    /// Joins a viewer of everybody else's picture (even places) and sound (odd), and the desk's.
    func addViewer(of producers: [String], to loop: Loop, _ context: Context) throws {
        let transport = try makeTransport()
        let participant = try context.makeParticipant(
            transport.credentials,
            address,
            fingerprint,
            local: transport.local
        )
        for (index, producer) in (deskProducers + producers).enumerated() {
            try consume(producer, isVideo: index % 2 == 0, on: transport, participant)
        }
        try loop.add(Viewer(participant, remote: address, gluesPackets: context.gluesPackets))
    }

    /// Datagrams sent, calls that took, datagrams refused, wake-ups, datagrams received, key-frame requests
    /// to the desk, messages that the datagrams were joined to.
    func statistics() throws -> [Int] {
        try process.ask("statistics " + deskProducers.joined(separator: " ")).compactMap { Int($0) }
    }

    /// Joins somebody who drives the desk.
    func addDriver(_ context: Context) throws -> InputDriver {
        let transport = try makeTransport("driver")
        return InputDriver(
            ParticipantConfiguration(
                certificate: context.certificate,
                local: transport.local,
                remote: transport.credentials,
                remoteAddress: address,
                remoteFingerprints: [fingerprint],
                seed: context.random.next()
            )
        )
    }

    /// How long messages took to the desk's socket since the last time: of those that are read at once, and of those that
    /// are read in a turn of their own, as many numbers each: how many there were, and nanoseconds for half, 99 % and
    /// 99.9 % of them and for all.
    func input() throws -> [Int64] { try process.ask("input").compactMap { Int64($0) } }

    func stop() { process.stop() }

    private func makePlain(_ kind: String, _ ssrc: UInt32) throws -> UInt16 {
        let answer = try process.ask("plain \(kind) \(ssrc)")
        deskProducers.append(answer[1])
        return UInt16(answer[2]) ?? 0
    }

    private func makeTransport(_ kind: String = "transport") throws -> Transport {
        let local = ICECredentials.random()
        let answer = try process.ask("\(kind) \(local.usernameFragment) \(local.password)")
        return Transport(
            id: answer[1],
            credentials: ICECredentials(usernameFragment: answer[2], password: answer[3]),
            local: local
        )
    }

    private func consume(
        _ producer: String,
        isVideo: Bool,
        on transport: Transport,
        _ participant: Participant
    ) throws {
        let answer = try process.ask("consume \(transport.id) \(producer)")
        guard let ssrc = UInt32(answer[1]), let rtx = UInt32(answer[2]) else {
            throw BenchmarkError("consume: \(answer)")
        }
        participant.receive(isVideo ? .video(ssrc, rtx: rtx) : .audio(ssrc))
    }
}
