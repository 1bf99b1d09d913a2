internal import Foundation
internal import IO
internal import Wire

/// Janus's own API on a `SOCK_SEQPACKET` socket: one JSON object a message.
final class JanusAPI {
    private let socket: SeqPacketSocket
    private var session = 0
    private var transactions = 0
    private var buffer = [UInt8](repeating: 0, count: 1 << 16)

    /// Waits until `process` listens at `path`; `nil` if it ends instead.
    init?(_ path: String, _ process: ProcessUnderTest) throws {
        var connected: SeqPacketSocket?
        for _ in 0..<100 where connected == nil {
            Thread.sleep(forTimeInterval: 0.1)
            connected = try? SeqPacketSocket(connectingTo: path)
            guard process.isRunning else { return nil }
        }
        guard let connected else { throw BenchmarkError("Janus does not listen") }
        socket = connected
        session = try id(try ask(["janus": "create"]))
    }

    /// Returns the number of a new handle of the streaming plugin.
    func attach() throws -> Int {
        try id(try ask(["janus": "attach", "plugin": "janus.plugin.streaming"]))
    }

    /// Asks for a mountpoint; returns the offer.
    func watch(_ mountpoint: Int, _ handle: Int) throws -> String {
        let event = try ask([
            "janus": "message", "handle_id": handle, "body": ["request": "watch", "id": mountpoint],
        ])
        guard let description = event["jsep"] as? [String: Any], let offer = description["sdp"] as? String
        else {
            throw BenchmarkError("Janus: no offer: \(event)")
        }
        return offer
    }

    /// Gives the answer.
    func start(_ handle: Int, _ answer: String) throws {
        let description = ["type": "answer", "sdp": answer]
        _ = try ask([
            "janus": "message", "handle_id": handle, "body": ["request": "start"], "jsep": description,
        ])
    }

    /// Sends a request and waits for what it brings about: an acknowledgement alone is not yet it.
    private func ask(_ request: [String: Any]) throws -> [String: Any] {
        var request = request
        transactions += 1
        request["transaction"] = String(transactions)
        if session != 0 { request["session_id"] = session }
        let bytes = [UInt8](try JSONSerialization.data(withJSONObject: request))
        guard socket.send(bytes.span.bytes) else { throw BenchmarkError("Janus does not listen any more") }
        for _ in 0..<5_000 {
            guard let answer = try receive() else {
                Thread.sleep(forTimeInterval: 0.001)
                continue
            }
            guard answer["transaction"] as? String == String(transactions) else { continue }
            switch answer["janus"] as? String {
            case "ack": continue
            case "error": throw BenchmarkError("Janus: \(answer)")
            default: return answer
            }
        }
        throw BenchmarkError("Janus does not answer")
    }

    private func receive() throws -> [String: Any]? {
        var span = buffer.mutableSpan
        var bytes = span.mutableBytes
        switch socket.receive(into: &bytes) {
        case .message(let length):
            return try JSONSerialization.jsonObject(with: Data(buffer[..<length])) as? [String: Any]
        case .wouldBlock: return nil
        case .closed: throw BenchmarkError("Janus has closed its socket")
        }
    }

    private func id(_ answer: [String: Any]) throws -> Int {
        guard let data = answer["data"] as? [String: Any], let id = data["id"] as? Int else {
            throw BenchmarkError("Janus: \(answer)")
        }
        return id
    }
}
