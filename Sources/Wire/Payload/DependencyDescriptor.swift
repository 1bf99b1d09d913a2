/// Why a dependency descriptor was not accepted.
public enum DependencyDescriptorError: Error, Hashable, Sendable {
    /// It ends too early, or says what cannot be.
    case malformed
    /// It refers to a structure that has not been received: only a key frame helps.
    case structureMissing
}

/// The header extension that tells how the frame in a packet relates to others, whatever its codec
/// (AV1 RTP specification, Appendix A).
///
/// ```
/// |S|E|template id|         frame number          |   always
/// |T|A|D|F|C|  structure, if T … | active, if A … |   if longer than three bytes
/// | indications, if D … | frames, if F … | chains, if C … |
/// ```
public struct DependencyDescriptor: Hashable, Sendable {
    /// Whether a frame begins with the packet's payload.
    public var startsFrame: Bool
    /// Whether a frame ends with the packet's payload.
    ///
    /// Others of higher spatial layers may follow at the same time.
    public var endsFrame: Bool
    /// 0…63.
    public var templateID: Int
    /// Counts the frames of all layers in decoding order.
    public var frameNumber: UInt16
    /// The structure from here on; present in the first packet of a key frame alone.
    public var structure: FrameDependencyStructure?
    /// From here on, a bit for each decode target that the sender makes; `nil` if that goes on as before.
    public var activeDecodeTargets: UInt32?
    public var dependencies: FrameDependencies

    /// Where the parts lie that ``write(frameNumber:activeDecodeTargets:from:into:)`` copies, in bits.
    private var flags = 0
    private var structureBits = 0..<0
    private var definitionBits = 0..<0
    private var decodeTargetCount: Int

    public var startsKeyFrame: Bool { structure != nil && startsFrame }

    /// Parses the data of the extension element.
    ///
    /// - Parameter structure: The last structure of the stream.
    public init(
        parsing bytes: RawSpan,
        structure last: FrameDependencyStructure?
    ) throws(DependencyDescriptorError) {
        guard bytes.byteCount >= 3 else { throw .malformed }
        var reader = BitReader(bytes)
        startsFrame = reader.readFlag()
        endsFrame = reader.readFlag()
        templateID = reader.read(6)
        frameNumber = UInt16(reader.read(16))
        if bytes.byteCount > 3 {
            flags = reader.read(5)
            if flags & Self.structureFlag != 0 {
                let start = reader.offset
                guard let attached = FrameDependencyStructure(&reader), !reader.isOverrun else {
                    throw .malformed
                }
                structure = attached
                activeDecodeTargets = attached.allDecodeTargets
                structureBits = start..<reader.offset
            }
        }
        guard let current = structure ?? last else { throw .structureMissing }
        decodeTargetCount = current.decodeTargets.count
        if flags & Self.activeFlag != 0 { activeDecodeTargets = UInt32(reader.read(decodeTargetCount)) }
        guard let template = current.template(templateID) else { throw .structureMissing }
        dependencies = template
        let start = reader.offset
        if flags & Self.indicationsFlag != 0 {
            dependencies.readIndications(current.decodeTargets.count, from: &reader)
        }
        if flags & Self.framesFlag != 0 {
            dependencies.frameDifferences = FrameDifferences()
            var size = reader.read(2)
            while size > 0 {
                guard dependencies.frameDifferences.append(reader.read(4 * size) + 1) else {
                    throw .malformed
                }
                size = reader.read(2)
            }
        }
        if flags & Self.chainsFlag != 0 {
            dependencies.readChainDifferences(current.chains, bits: 8, from: &reader)
        }
        guard !reader.isOverrun else { throw .malformed }
        definitionBits = start..<reader.offset
    }

    /// Appends the descriptor as a receiver of some of the decode targets needs it: at most five bytes
    /// longer.
    ///
    /// - Parameters:
    ///   - frameNumber: The frame's number in the outgoing stream.
    ///   - active: A bit for each decode target that the receiver gets; `nil` leaves the sender's word.
    ///   - bytes: What this descriptor was parsed from.
    public func write(
        frameNumber: UInt16,
        activeDecodeTargets active: UInt32?,
        from bytes: RawSpan,
        into out: inout OutputRawSpan
    ) {
        var writer = BitWriter()
        writer.append(startsFrame ? 1 : 0, bits: 1, to: &out)
        writer.append(endsFrame ? 1 : 0, bits: 1, to: &out)
        writer.append(templateID, bits: 6, to: &out)
        writer.append(Int(frameNumber), bits: 16, to: &out)
        let told = active ?? (flags & Self.activeFlag != 0 ? activeDecodeTargets : nil)
        if told != nil || flags & ~Self.activeFlag != 0 {
            let outgoing = told == nil ? flags & ~Self.activeFlag : flags | Self.activeFlag
            writer.append(outgoing, bits: 5, to: &out)
            writer.append(structureBits, of: bytes, to: &out)
            if let told { writer.append(Int(told), bits: decodeTargetCount, to: &out) }
            writer.append(definitionBits, of: bytes, to: &out)
        }
        writer.finish(&out)
    }

    private static let structureFlag = 0x10
    private static let activeFlag = 0x08
    private static let indicationsFlag = 0x04
    private static let framesFlag = 0x02
    private static let chainsFlag = 0x01
}
