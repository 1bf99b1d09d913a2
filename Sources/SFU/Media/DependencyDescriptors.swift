internal import WebRTC
internal import Wire

/// What the dependency descriptors of one encoding's latest packets say, by sequence number: a packet that is
/// sent again cannot be understood by its bytes alone, for they refer to the structure of its time.
struct DependencyDescriptors {
    private enum Slot {
        case empty
        /// The structure that the packet refers to has not come.
        case unreadable(UInt16)
        /// And where in the packet it is.
        case read(UInt16, DependencyDescriptor, Range<Int>)
    }

    /// The header extension's id.
    private let id: UInt8
    private var reader = DependencyDescriptorReader()
    private var slots = [Slot](repeating: .empty, count: Self.memory)

    init(id: UInt8) {
        self.id = id
    }

    /// Of a packet that was taken lately.
    subscript(sequence: UInt16) -> DependencyDescriptor? {
        guard case .read(sequence, let descriptor, _) = slots[Int(sequence) & Self.mask] else { return nil }
        return descriptor
    }

    /// Where the descriptor lies in a packet that was taken lately, so that nobody who sends it need look for it again.
    func range(in sequence: UInt16) -> Range<Int>? {
        guard case .read(sequence, _, let range) = slots[Int(sequence) & Self.mask] else { return nil }
        return range
    }

    /// Whether a packet that was taken lately could not be understood yet.
    func isUnreadable(_ sequence: UInt16) -> Bool {
        if case .unreadable(sequence) = slots[Int(sequence) & Self.mask] { true } else { false }
    }

    /// Takes a packet in, if it has a descriptor.
    mutating func take(_ header: RTPHeader, in packet: RawSpan) {
        let sequence = header.sequenceNumber
        slots[Int(sequence) & Self.mask] = .empty
        guard let range = RTPHeaderExtensions(header).find(id, in: packet) else { return }
        do throws(DependencyDescriptorError) {
            slots[Int(sequence) & Self.mask] = .read(
                sequence,
                try reader.read(packet.extracting(range)),
                range
            )
        } catch {
            // A malformed one may as well be one of a structure to come.
            slots[Int(sequence) & Self.mask] = .unreadable(sequence)
        }
    }

    mutating func removeAll() {
        reader.reset()
        for index in slots.indices { slots[index] = .empty }
    }

    /// A power of two; a second of 1 000 packets.
    static let memory = 1_024
    private static let mask = memory - 1
}
