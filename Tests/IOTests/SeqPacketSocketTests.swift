import Glibc
import IO
import Testing

@Suite struct SeqPacketSocketTests {
    private static func path() -> String {
        "/tmp/deskroom-test-\(getpid())-\(UInt32.random(in: 0 ... .max)).sock"
    }

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
        let path = Self.path()
        defer { unlink(path) }
        let server = try SeqPacketSocket(listeningOn: path)
        let client = try SeqPacketSocket(connectingTo: path)
        guard let peer = server.accept() else {
            Issue.record("nobody was accepted")
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
        let path = Self.path()
        defer { unlink(path) }
        let server = try SeqPacketSocket(listeningOn: path)
        do { _ = try SeqPacketSocket(connectingTo: path).descriptor }
        guard let peer = server.accept() else {
            Issue.record("nobody was accepted")
            return
        }
        let outcome6 = Self.receive(peer)
        #expect(outcome6.0 == .closed)
        let outcome7 = Self.send([1], through: peer)
        #expect(!outcome7)
    }

    @Test func aPathWithoutAListenerIsAnError() {
        #expect(throws: SystemError.self) { _ = try SeqPacketSocket(connectingTo: Self.path()).descriptor }
        #expect(throws: SystemError(number: ENAMETOOLONG)) {
            _ = try SeqPacketSocket(connectingTo: String(repeating: "x", count: 200)).descriptor
        }
    }
}
