internal import Glibc
internal import NIOCore
internal import Wire

/// Hands connections to the page's port that turn out to carry media (ICE-TCP) to the media thread, so that one TCP port is
/// enough for everything.
struct MediaHandOver: Sendable {
    /// Takes over a descriptor, with what was read from it, and whether it comes through a proxy.
    let take: @Sendable (CInt, [UInt8], _ isShared: Bool) async -> Void

    /// Looks at what `channel` begins with; to be called before anything else is added to its pipeline.
    func watch(_ channel: any Channel, isShared: Bool) throws {
        let handler = FirstBytesHandler { channel, opening, bytes in
            guard opening == .framedCheck else { return .passed }
            hand(channel, bytes, isShared: isShared)
            return .taken
        }
        try channel.pipeline.syncOperations.addHandler(handler)
    }

    /// Takes the socket away from swift-nio, which closes its descriptor; the connection lives on by another.
    private func hand(_ channel: any Channel, _ bytes: ByteBuffer, isShared: Bool) {
        let descriptor = try? channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(
            of: NIOBSDSocket.Handle.self
        ) { fcntl($0, F_DUPFD_CLOEXEC, 0) }
        channel.close(promise: nil)
        guard let descriptor, descriptor >= 0 else { return }
        let received = Array(bytes.readableBytesView)
        Task { await take(descriptor, received, isShared) }
    }
}
