import CLinux
import Glibc
import IO
import Testing

@Suite struct SeqPacketSocketTests {
    private static func send(_ bytes: [UInt8], through socket: borrowing SeqPacketSocket) -> Bool {
        socket.send(bytes.span.bytes)
    }

    private static func receive(_ socket: borrowing SeqPacketSocket) -> (SeqPacketSocket.Reception, [UInt8]) {
        var buffer = [UInt8](repeating: 0, count: 64)
        var span = buffer.mutableSpan
        var bytes = span.mutableBytes
        let reception = socket.receive(into: &bytes)
        guard case .message(let count) = reception else { return (reception, []) }
        return (reception, Array(buffer[..<count]))
    }

    @Test func messagesKeepTheirBoundaries() throws {
        var other: SeqPacketSocket?
        let client = try SeqPacketSocket(pairedWith: &other)
        guard let peer = other.take() else {
            Issue.record("there is no other end")
            return
        }

        let outcome1 = Self.send([1, 2, 3], through: client)
        #expect(outcome1)
        let outcome2 = Self.send([4], through: client)
        #expect(outcome2)

        let outcome3 = Self.receive(peer)
        #expect(outcome3 == (.message(3), [1, 2, 3]))
        let outcome4 = Self.receive(peer)
        #expect(outcome4 == (.message(1), [4]))
        let outcome5 = Self.receive(peer)
        #expect(outcome5 == (.wouldBlock, []))
    }

    @Test func theEndOfThePeerIsSeen() throws {
        var other: SeqPacketSocket?
        do { _ = try SeqPacketSocket(pairedWith: &other).descriptor }
        guard let peer = other.take() else {
            Issue.record("there is no other end")
            return
        }
        let outcome6 = Self.receive(peer)
        #expect(outcome6.0 == .closed)
        let outcome7 = Self.send([1], through: peer)
        #expect(!outcome7)
    }

    @Test func onlyASocketOfItsKindIsTakenOver() throws {
        var other: SeqPacketSocket?
        let one = try SeqPacketSocket(pairedWith: &other)
        let inherited = try SeqPacketSocket(inheriting: dup(one.descriptor))
        let isSent = Self.send([7], through: inherited)
        #expect(isSent)
        let pipe = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
        defer { close(pipe) }
        #expect(throws: SystemError(number: EPROTOTYPE)) {
            _ = try SeqPacketSocket(inheriting: pipe).descriptor
        }
        #expect(throws: SystemError(number: EBADF)) { _ = try SeqPacketSocket(inheriting: 9_999).descriptor }
    }

    @Test func aPathWithoutAListenerIsAnError() {
        #expect(throws: SystemError.self) {
            _ = try SeqPacketSocket(connectingTo: "/tmp/deskroom-nobody-\(getpid())").descriptor
        }
        #expect(throws: SystemError(number: ENAMETOOLONG)) {
            _ = try SeqPacketSocket(connectingTo: String(repeating: "x", count: 200)).descriptor
        }
    }
}
