#if canImport(Wire)
import Wire
#endif

/// Any bytes are taken apart or refused; what each packet says is written, and read back the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzRTCP(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let compound = RawSpan(_unsafeStart: start, byteCount: count)
    var packets = RTCPPackets()
    while let element = try? packets.next(in: compound) {
        precondition(element.body.lowerBound >= 4 && element.body.upperBound <= count)
        switch element.type {
        case RTCPType.senderReport:
            if let report = try? SenderReport(element.body, in: compound) {
                let bytes = written { report.write(into: &$0) }
                precondition((try? SenderReport(4..<bytes.count, in: bytes.span.bytes)) == report)
            }
            visitBlocks(element, in: compound)
        case RTCPType.receiverReport: visitBlocks(element, in: compound)
        case RTCPType.transportFeedback, RTCPType.payloadFeedback:
            if let feedback = try? RTCPFeedback(element, in: compound) {
                visit(feedback, element, in: compound)
            }
        default: break
        }
    }
    return 0
}

private func visitBlocks(_ element: RTCPPackets.Element, in compound: RawSpan) {
    try? ReportBlock.forEach(element, in: compound) { block in
        let bytes = written { block.writeReceiverReport(from: 1, into: &$0) }
        precondition((try? ReportBlock(at: 8, in: bytes.span.bytes)) == block)
    }
}

private func visit(_ feedback: RTCPFeedback, _ element: RTCPPackets.Element, in compound: RawSpan) {
    // Whatever the message type says: the readers are given it.
    try? FullIntraRequest.forEachSource(feedback, in: compound) { _, _ in }
    if let estimate = ReceiverEstimatedMaximumBitrate(feedback, in: compound) {
        let bytes = written { estimate.write(from: 1, about: 2, into: &$0) }
        let again = message(in: bytes).flatMap { ReceiverEstimatedMaximumBitrate($0, in: bytes.span.bytes) }
        precondition(again == estimate && estimate.bitrate <= UInt64(Int64.max))
    }

    var lost: [SequenceNumber] = []
    if (try? GenericNACK.forEachLost(feedback, in: compound, { lost.append($0) })) != nil {
        let bytes = written { GenericNACK.write(lost.span, from: 1, about: 2, into: &$0) }
        var again: [SequenceNumber] = []
        guard let message = message(in: bytes) else { fatalError("what was written cannot be read") }
        try? GenericNACK.forEachLost(message, in: bytes.span.bytes) { again.append($0) }
        precondition(Set(again) == Set(lost))
    }

    guard let transport = try? TransportFeedback(feedback, in: compound) else { return }
    var arrivals: [Interval?] = []
    let isWhole = (try? transport.forEachPacket(in: compound) { arrivals.append($1) }) != nil
    precondition(arrivals.count <= transport.count && (!isWhole || arrivals.count == transport.count))
    var covered = 0
    let bytes = written {
        covered = TransportFeedback.write(
            arrivals.span,
            base: transport.base,
            feedbackCount: transport.feedbackCount,
            from: 1,
            about: 2,
            into: &$0
        )
    }
    precondition(bytes.count <= 1_200)
    guard covered > 0 else { return }
    guard let message = message(in: bytes), let again = try? TransportFeedback(message, in: bytes.span.bytes)
    else {
        fatalError("what was written cannot be read")
    }
    precondition(again.base == transport.base && again.count == covered)
    var index = 0
    // The reference has 24 bits: only differences survive.
    var shift: Interval?
    let isRead: Void? = try? again.forEachPacket(in: bytes.span.bytes) { _, time in
        precondition((time == nil) == (arrivals[index] == nil))
        if let time, let arrival = arrivals[index] {
            precondition(shift == nil || shift == time - arrival)
            shift = time - arrival
        }
        index += 1
    }
    precondition(isRead != nil && index == covered)
}

private func message(in bytes: [UInt8]) -> RTCPFeedback? {
    var packets = RTCPPackets()
    guard let element = try? packets.next(in: bytes.span.bytes) else { return nil }
    return try? RTCPFeedback(element, in: bytes.span.bytes)
}

private func written(_ write: (inout OutputRawSpan) -> Void) -> [UInt8] {
    // 2 048 bytes of input name up to 17 lost packets a word.
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = bytes.withUnsafeMutableBytes { buffer in
        var out = OutputRawSpan(buffer: buffer, initializedCount: 0)
        write(&out)
        return out.finalize(for: buffer)
    }
    return Array(bytes[..<count])
}
