#if canImport(Wire)
import WebRTC
import Wire
#endif

/// Arbitrary bytes are refused by the receiver, and whatever the sender takes as a header comes back
/// unchanged.
///
/// The first byte chooses the profile, and where the rest is divided into header and payload.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzSRTP(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard count > 0 else { return 0 }
    let profile: SRTPProfile = bytes[0] & 1 == 0 ? .aeadAES128GCM : .aesCM128HMACSHA1_80
    let input = [UInt8](UnsafeBufferPointer(start: bytes + 1, count: count - 1))
    let material = SRTPKeyingMaterial(
        profile: profile,
        localKey: [UInt8](repeating: 1, count: profile.keyLength),
        localSalt: [UInt8](repeating: 2, count: profile.saltLength),
        remoteKey: [UInt8](repeating: 1, count: profile.keyLength),
        remoteSalt: [UInt8](repeating: 2, count: profile.saltLength)
    )
    do {
        var sender = try SRTPSender(material)
        var receiver = try SRTPReceiver(material)
        refuse(input, &receiver)
        try roundTrip(input, header: min(Int(bytes[0] >> 1), input.count), &sender, &receiver)
    } catch is SRTPError {
    } catch {
        fatalError("only small errors are thrown")
    }
    return 0
}

private func refuse(_ input: [UInt8], _ receiver: inout SRTPReceiver) {
    for isRTCP in [false, true] {
        var packet = input
        var span = packet.mutableSpan
        var raw = span.mutableBytes
        let length = try? isRTCP ? receiver.unprotectRTCP(&raw) : receiver.unprotectRTP(&raw)
        precondition(length == nil, "nobody can guess a tag")
    }
}

private func roundTrip(
    _ input: [UInt8],
    header: Int,
    _ sender: inout SRTPSender,
    _ receiver: inout SRTPReceiver
) throws {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: input.count + 32, alignment: 1)
    defer { memory.deallocate() }

    var out = OutputRawSpan(buffer: memory, initializedCount: 0)
    var isProtected = true
    out.append(copying: input.span.bytes.extracting(0..<header))
    do {
        let payload = input.span.bytes.extracting(header...)
        try sender.protectRTP(headerLength: header, prefix: nil, payload: payload, into: &out)
    } catch {
        isProtected = false
    }
    if isProtected {
        var packet = [UInt8](memory[..<out.finalize(for: memory)])
        var span = packet.mutableSpan
        var raw = span.mutableBytes
        let length = try receiver.unprotectRTP(&raw)
        precondition(packet.prefix(length) == input[...], "what was protected cannot be read")
    }

    var report = OutputRawSpan(buffer: memory, initializedCount: 0)
    try sender.protectRTCP(input.span.bytes, into: &report)
    var packet = [UInt8](memory[..<report.finalize(for: memory)])
    var span = packet.mutableSpan
    var raw = span.mutableBytes
    let length = try receiver.unprotectRTCP(&raw)
    precondition(packet.prefix(length) == input[...], "the report that was protected cannot be read")
}
