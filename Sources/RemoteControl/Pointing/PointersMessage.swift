#if canImport(Wire)
internal import Wire
#endif

/// Whose pointers a person sees over the desk, and where, on the room's channel `pointing`: all of them, so that who is
/// not in it is gone.
///
/// ```
/// u8 0x43, u8 count, u16 sequence
/// for each: u64 person, u16 x, u16 y, u16 number of a press (0: none just now), u16 its x, u16 its y
/// ```
public struct PointersMessage: Hashable, Sendable {
    /// Somebody's pointer.
    public struct Pointer: Hashable, Sendable {
        public var person: ParticipantID
        public var point: DeskPoint
        /// Where they have just pressed.
        public var press: Press?

        public init(person: ParticipantID, point: DeskPoint, press: Press? = nil) {
            self.person = person
            self.point = point
            self.press = press
        }
    }

    /// A place that is marked.
    public struct Press: Hashable, Sendable {
        /// Tells it from the one before; not 0.
        public var number: UInt16
        public var point: DeskPoint

        public init(number: UInt16, point: DeskPoint) {
            self.number = number
            self.point = point
        }
    }

    /// Counts messages, modulo 65,536.
    public var sequence: UInt16
    public var pointers: [Pointer]

    /// So many pointers that the message is one packet.
    public static let maximumCount = 60

    /// - Parameter pointers: At most ``maximumCount``.
    public init(sequence: UInt16, pointers: [Pointer]) {
        precondition(pointers.count <= Self.maximumCount, "whoever makes a message takes no more")
        self.sequence = sequence
        self.pointers = pointers
    }
}

extension PointersMessage {
    /// Parses the message that fills `bytes`.
    public init(parsing bytes: RawSpan) throws(MalformedMessage) {
        guard
            bytes.bigEndian(UInt8.self, at: 0) == 0x43,
            let count = bytes.bigEndian(UInt8.self, at: 1),
            let sequence = bytes.bigEndian(UInt16.self, at: 2)
        else { throw MalformedMessage(offset: 0) }
        guard count <= Self.maximumCount, bytes.byteCount == 4 + Int(count) * Self.pointerLength else {
            throw MalformedMessage(offset: 1)
        }
        var pointers: [Pointer] = []
        for index in 0..<Int(count) {
            pointers.append(try Pointer(parsing: bytes, from: 4 + index * Self.pointerLength))
        }
        self.init(sequence: sequence, pointers: pointers)
    }

    /// The message as bytes of its own; allocates.
    public func encoded() -> [UInt8] {
        [UInt8](writing: 4 + pointers.count * Self.pointerLength) {
            $0.append(network: UInt16(0x4300 | pointers.count))
            $0.append(network: sequence)
            for pointer in pointers { pointer.write(into: &$0) }
        }
    }

    private static let pointerLength = 18
}

extension PointersMessage.Pointer {
    fileprivate init(parsing bytes: RawSpan, from offset: Int) throws(MalformedMessage) {
        guard
            let person = bytes.bigEndian(UInt64.self, at: offset),
            let x = bytes.bigEndian(UInt16.self, at: offset + 8),
            let y = bytes.bigEndian(UInt16.self, at: offset + 10),
            let number = bytes.bigEndian(UInt16.self, at: offset + 12),
            let pressX = bytes.bigEndian(UInt16.self, at: offset + 14),
            let pressY = bytes.bigEndian(UInt16.self, at: offset + 16),
            number != 0 || (pressX == 0 && pressY == 0)
        else { throw MalformedMessage(offset: offset) }
        self.init(
            person: ParticipantID(person),
            point: DeskPoint(x: x, y: y),
            press: number == 0 ? nil : .init(number: number, point: DeskPoint(x: pressX, y: pressY))
        )
    }

    @_lifetime(output: copy output)
    fileprivate func write(into output: inout OutputRawSpan) {
        output.append(network: person.rawValue)
        point.write(into: &output)
        output.append(network: press?.number ?? 0)
        (press?.point ?? DeskPoint(x: 0, y: 0)).write(into: &output)
    }
}
