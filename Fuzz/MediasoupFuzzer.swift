#if canImport(Access)
import Access
#endif
#if canImport(MediasoupSignalling)
import MediasoupSignalling
#endif
#if canImport(SFU)
import SFU
#endif
#if canImport(WebRTC)
import WebRTC
#endif

/// What clients of mediasoup send: it is read or refused, and what was read is the same when it is written and read again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzMediasoup(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard let object = try? JSONObject(parsing: Array(UnsafeBufferPointer(start: start, count: count))) else {
        return 0
    }
    for kind in [MediaKind.audio, .video] {
        guard let parameters = try? RTPParameters(mediasoup: object, kind: kind) else { continue }
        let again = try? RTPParameters(mediasoup: parameters.mediasoup(kind), kind: kind)
        precondition(again == parameters, "what was written is read otherwise")
    }
    if let capabilities = try? MediasoupCapabilities(mediasoup: object) {
        precondition(capabilities.of(.video).codecs.count <= RTPParameters.maximumCodecs)
    }
    _ = try? DTLSParameters(mediasoup: object)
    if let (stream, parameters) = try? DataChannelParameters.parse(mediasoup: object) {
        _ = parameters.mediasoup(stream: stream)
    }
    for action in actions {
        _ = try? BroadcastRequest(BroadcastRoute(peer: "b", action: action), body: object, producer: nil)
    }
    return 0
}

private let actions: [BroadcastRoute.Action] = [
    .begin, .connect(transport: "1"), .consume(transport: nil), .makeTransport, .produce(transport: nil),
]
