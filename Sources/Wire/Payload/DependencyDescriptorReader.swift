/// Reads the dependency descriptors of one stream, whose packets refer to the structure of the last key
/// frame.
public struct DependencyDescriptorReader: Sendable {
    /// The structure of the newest key frame.
    public private(set) var structure: FrameDependencyStructure?
    /// A bit for each decode target of ``structure`` that the sender makes now.
    public private(set) var activeDecodeTargets: UInt32 = 0
    private var newest = SequenceNumber(0)

    public init() {}

    /// Parses the data of a packet's extension element, and takes over the structure it brings.
    public mutating func read(_ bytes: RawSpan) throws(DependencyDescriptorError) -> DependencyDescriptor {
        let descriptor = try DependencyDescriptor(parsing: bytes, structure: structure)
        let number = SequenceNumber(descriptor.frameNumber)
        // A repeated packet of a key frame before the newest one changes nothing.
        guard structure == nil || newest.distance(to: number) >= 0 else { return descriptor }
        newest = number
        if let attached = descriptor.structure { structure = attached }
        if let active = descriptor.activeDecodeTargets { activeDecodeTargets = active }
        return descriptor
    }

    /// Forgets the stream: its source was restarted.
    public mutating func reset() { self = Self() }
}
