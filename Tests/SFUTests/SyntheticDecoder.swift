import Participant
import Testing
import WebRTC
import Wire

/// One frame as it was shown: complete, and with all that it needs.
struct DecodedFrame {
    var timestamp: UInt32
    var stamp: SyntheticStamp
    var descriptor: VP8PayloadDescriptor?
    /// The number of its first packet and that of its last.
    var packets: ClosedRange<Int>
    /// When its last packet came.
    var completed: Instant

    /// Whether a decoder can go on with this frame after having shown `previous` last, and `base` as the last
    /// one of the base layer.
    func follows(_ previous: Self, base: Self) -> Bool {
        if stamp.isKeyFrame { return true }
        guard stamp.encoding == previous.stamp.encoding else { return false }
        guard let descriptor, let layer = descriptor.temporalLayer else {
            return stamp.frame == previous.stamp.frame + 1
        }
        if layer == 0 { return stamp.frame == base.stamp.frame + 4 }
        guard stamp.frame / 4 == base.stamp.frame / 4 || stamp.frame - base.stamp.frame < 4 else {
            return false
        }
        // Browsers wait for whatever lies between, unless the frame needs the base layer alone.
        return descriptor.isLayerSync || descriptor.pictureID == previous.descriptor?.nextPictureID
    }
}

extension VP8PayloadDescriptor {
    fileprivate var nextPictureID: UInt16? { pictureID.map { ($0 &+ 1) & 0x7fff } }
}

/// The frames that a decoder would show, in order.
func frames(of stream: ReceivedStream) -> [DecodedFrame] {
    let packets = stream.arrivals.sorted { $0.sequence < $1.sequence }
    var shown: [DecodedFrame] = []
    var base: DecodedFrame?
    var index = 0
    while index < packets.count {
        guard let stamp = packets[index].stamp else {
            index += 1
            continue
        }
        let members = packets[index...].prefix {
            $0.stamp?.frame == stamp.frame && $0.stamp?.encoding == stamp.encoding
                && $0.timestamp == packets[index].timestamp
        }
        index += members.count
        // The end of a frame is missing where another encoding takes over, and where the recording ends.
        guard members.count == Int(stamp.count), let first = members.first, let last = members.last else {
            continue
        }
        let frame = DecodedFrame(
            timestamp: last.timestamp,
            stamp: stamp,
            descriptor: last.descriptor,
            packets: first.sequence...last.sequence,
            completed: members.map(\.at).max() ?? last.at
        )
        guard stamp.isKeyFrame || shown.last.map({ frame.follows($0, base: base ?? $0) }) ?? false else {
            continue
        }
        if frame.descriptor?.temporalLayer ?? 0 == 0 { base = frame }
        shown.append(frame)
    }
    return shown
}

/// Every packet is there; every frame refers to one that was shown; the clock goes forward; and the picture
/// moves on.
///
/// - Parameter loses: Whether the paths lose packets: what is missing right before a key frame is not asked
///   for by the receiver any more, nor needed.
func expectDecodable(
    _ stream: ReceivedStream,
    longestFreeze: Interval = .milliseconds(100),
    loses: Bool = false,
    _ location: SourceLocation = #_sourceLocation
) {
    expectComplete(stream, longestFreeze, loses: loses, location)
    let frames = frames(of: stream)
    #expect(frames.first?.stamp.isKeyFrame == true, sourceLocation: location)
    var shown = Instant(nanoseconds: .max)
    for (before, after) in zip(frames, frames.dropFirst()) {
        #expect(Int32(bitPattern: after.timestamp &- before.timestamp) > 0, sourceLocation: location)
        // Picture ids without gaps, or the receiver waits for what is not there.
        let isUnbroken = after.packets.lowerBound == before.packets.upperBound + 1
        if isUnbroken, let descriptor = after.descriptor, let previous = before.descriptor {
            #expect(descriptor.pictureID == previous.nextPictureID, sourceLocation: location)
            let isBase = descriptor.temporalLayer == 0
            let expected = previous.temporalBaseIndex.map { $0 &+ (isBase ? 1 : 0) }
            #expect(descriptor.temporalBaseIndex == expected, sourceLocation: location)
        }
        #expect(isUnbroken || loses, sourceLocation: location)
        shown = min(shown, before.completed)
        // Frames that wait for an earlier one are shown after it.
        let gap = after.completed - max(before.completed, shown)
        if gap > longestFreeze {
            Issue.record(
                "no picture for \(gap.milliseconds) ms at frame \(after.stamp.frame)",
                sourceLocation: location
            )
        }
    }
}

private func describe(_ packet: ReceivedStream.Arrival) -> String {
    guard let stamp = packet.stamp else { return "?" }
    let kind = stamp.isKeyFrame ? "key " : ""
    return "\(kind)\(stamp.frame) of \(stamp.encoding), packet \(stamp.index) of \(stamp.count)"
}

private func expectComplete(
    _ stream: ReceivedStream,
    _ longestFreeze: Interval,
    loses: Bool,
    _ location: SourceLocation
) {
    if !loses { #expect(stream.statistics.missing == 0, sourceLocation: location) }
    let packets = stream.arrivals.sorted { $0.sequence < $1.sequence }
    let voids = Set(stream.voids)
    for (index, (before, after)) in zip(packets, packets.dropFirst()).enumerated() {
        let missing = (before.sequence + 1..<after.sequence).filter { !voids.contains($0) }
        guard !missing.isEmpty else { continue }
        let keyFrame = packets[(index + 1)...].first { $0.stamp?.isKeyFrame == true && $0.stamp?.index == 0 }
        if let keyFrame, loses, keyFrame.at - after.at < longestFreeze { continue }
        Issue.record(
            "\(missing) between frames \(describe(before)) and \(describe(after)) never came",
            sourceLocation: location
        )
    }
}
