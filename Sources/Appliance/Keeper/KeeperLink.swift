package import IO

/// The room's end of its link with the keeper: words go out from any thread, and come in to ``DeskLink``, which is given the
/// links with the desk by them.
package final class KeeperLink: Sendable {
    package enum Reception: Hashable, Sendable {
        case word(KeeperWord)
        /// What came is no word, or a desk without its link.
        case malformed
        /// Nothing is there now.
        case nothing
        /// The keeper is gone, and the kernel ends this process.
        case closed
    }

    private let socket: SeqPacketSocket

    /// Takes over the end that this process was started with.
    package init(inheriting descriptor: CInt) throws(SystemError) {
        socket = try SeqPacketSocket(inheriting: descriptor)
    }

    package init(_ socket: consuming SeqPacketSocket) {
        self.socket = socket
    }

    package var descriptor: CInt { socket.descriptor }

    package func tell(_ word: RoomWord) {
        let bytes = word.bytes
        _ = unsafe socket.send(bytes.span.bytes)
    }

    /// The next word; `link` is the one with the desk, if that came.
    func receive(_ link: inout SeqPacketSocket?) -> Reception {
        // One more than there may be, so that what is longer is seen to be.
        var buffer = [UInt8](repeating: 0, count: KeeperWord.maximumLength + 1)
        var span = buffer.mutableSpan
        var memory = unsafe span.mutableBytes
        switch socket.receive(into: &memory, with: &link) {
        case .message(let length):
            guard let word = KeeperWord(Array(buffer[..<length])), (word == .desk) == (link != nil) else {
                link = nil
                return .malformed
            }
            return .word(word)
        case .wouldBlock: return .nothing
        case .closed: return .closed
        }
    }
}
