internal import Foundation
internal import Wire

/// The C program beside: the least that forwarding can cost.
final class Floor: Forwarder {
    let name = "C floor"
    let process: ProcessUnderTest
    let videoAddress: SocketAddress
    var audioAddress: SocketAddress { videoAddress }
    private let viewers: [Viewer]

    /// - Parameter path: Where it was built.
    init(_ path: String, viewers count: Int, _ context: Context, in loop: Loop) throws {
        func freePort() throws -> UInt16 { try Viewer(nil, remote: nil, gluesPackets: false).port }
        let reports = SocketAddress(ipv4: Context.loopback, port: try freePort())
        videoAddress = SocketAddress(ipv4: Context.loopback, port: try freePort())
        viewers = try (0..<count).map { _ in
            try Viewer(nil, remote: reports, gluesPackets: context.gluesPackets)
        }
        process = try ProcessUnderTest(
            path,
            [videoAddress.port, reports.port].map { String($0) } + viewers.map { String($0.port) }
        )
        for viewer in viewers { try loop.add(viewer) }
        // It says nothing when it has bound its port.
        Thread.sleep(forTimeInterval: 0.3)
    }

    /// They have all joined.
    func addViewer(to loop: Loop, _ context: Context) throws {}

    func stop() { process.stop() }
}
