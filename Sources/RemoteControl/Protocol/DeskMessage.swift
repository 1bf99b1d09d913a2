#if canImport(Wire)
internal import Wire
#endif

/// A message from the room to the desk process: one packet of their `SOCK_SEQPACKET` link.
///
/// The first byte is the type; integers are big-endian; the packet ends where the message ends.
public enum DeskCommand: Hashable, Sendable {
    /// 0x01: replaces what is running.
    case configure(DeskConfiguration)
    /// 0x02: an event whose sender's lease the room has checked; the body is the event as it was sent.
    case input(ControlEvent)
    /// 0x03: releases every key and button that is held; u32 mark, which the desk answers with.
    case releaseAll(DeskMark)
    /// 0x05: u8 stream.
    case startStream(DeskStreamName)
    /// 0x06: u8 stream.
    case stopStream(DeskStreamName)
    /// 0x08: u32 mark, which the desk answers with when the X server has done everything before it.
    case mark(DeskMark)
    /// 0x09: what is hidden from clients; the desk answers when it is. Sent before the first ``configure(_:)`` it holds for
    /// the first picture.
    case cover(DeskCover)
    /// 0x0a: asks which windows there are.
    case listWindows
    /// 0x0b: u16 width, u16 height. The desk answers with ``DeskReport/screen(_:)``.
    case setScreenSize(DeskSize)
    /// 0x0e: asks for a link for people's voices, in the place of the one before; closing it ends them.
    case openVoices
    /// 0x0c: u8 layout; the desk answers with ``DeskReport/layoutSet(_:isDone:)``.
    case setLayout(KeyboardLayout)
    /// 0x10: u32 mark, u8 hand: releases what this hand holds; the desk answers as ``releaseAll(_:)``.
    case releaseHand(DeskMark, FurtherHand)
    /// 0x11: u8 hand: nobody has it any more. It comes back with the next event of its own.
    case removeHand(FurtherHand)

    /// The most bytes a command occupies: a configuration of every stream, the longest event, or the largest cover.
    public static let maximumLength =
        1
        + max(
            DeskConfiguration.maximumLength,
            max(ControlEvent.maximumLength, DeskCover.maximumLength)
        )
}

/// A message from the desk process to the room.
public enum DeskReport: Hashable, Sendable {
    /// 0x81: u8 state, u8 detail, u16 width, u16 height.
    case status(DeskStatus)
    /// 0x82: the body is the message as the room sends it to pages.
    case cursor(CursorMessage)
    /// 0x83: five u64 counters.
    case statistics(DeskStatistics)
    /// 0x84: u32 mark. Everything before it has been done, by the X server too.
    case reached(DeskMark)
    /// 0x85: the body is the receipt as the room sends it to the page.
    case typed(TextReceipt)
    /// 0x86: clients see what is hidden no more.
    case covered(DeskCovered)
    /// 0x87: u8 count, then the windows: the answer to ``DeskCommand/listWindows``. Their titles are nobody's but those who
    /// may hide them, and in no log.
    case windows([DeskWindow])
    /// 0x88: u32 window: it is gone, and its last place stays hidden.
    case windowLost(UInt32)
    /// 0x8c, too: the body is the echo as the room sends it to the page.
    case echoed(TypingEcho)
    /// 0x8b: u8 layout, u8 1 if the desk has it now, 0 if it cannot.
    case layoutSet(KeyboardLayout, isDone: Bool)
    /// 0x8c: the body is the answer as the room sends it to the page.
    case held(HeldAnswer)
    /// 0x89: the room's end of a link for clipboards comes with the message.
    case clipboardLink
    /// 0x8a: the room's end of a link for files comes with the message.
    case filesLink
    /// 0x8f: u32 lease, u32 client time, five u64 times: an event of somebody's has become a picture.
    case effect(DeskEffect)
    /// 0x8d: how large the screen is and can be; whenever that changes, and after each ``DeskCommand/setScreenSize(_:)``.
    case screen(DeskScreenReport)
    /// 0x8e: the room's end of a link for people's voices comes with the message, if there can be one: the answer to
    /// ``DeskCommand/openVoices``.
    case voicesLink
    /// 0x90: u8 hand; the body is the message as the room sends it to the page of whoever has this hand.
    case handCursor(FurtherHand, CursorMessage)
    /// 0x91: u8 hand: the desk's X server cannot have it.
    case handFailed(FurtherHand)

    /// The most bytes a report occupies: a cursor shape.
    public static let maximumLength = 2 + CursorMessage.maximumLength
}

extension DeskCommand {
    /// Parses the command that fills `bytes`.
    public init(parsing bytes: RawSpan) throws(MalformedMessage) {
        guard let type = bytes.bigEndian(UInt8.self, at: 0) else { throw MalformedMessage(offset: 0) }
        switch type {
        case 0x01:
            self = .configure(try DeskConfiguration(parsing: bytes, from: 1))
        case 0x02:
            self = .input(try ControlEvent(parsing: bytes.extracting(1...)))
        case 0x03:
            self = .releaseAll(try DeskMark(parsing: bytes, from: 1))
        case 0x05: self = .startStream(try Self.stream(bytes))
        case 0x06: self = .stopStream(try Self.stream(bytes))
        case 0x08: self = .mark(try DeskMark(parsing: bytes, from: 1))
        case 0x09: self = .cover(try DeskCover(parsing: bytes, from: 1))
        case 0x0a:
            guard bytes.byteCount == 1 else { throw MalformedMessage(offset: 1) }
            self = .listWindows
        case 0x0b: self = .setScreenSize(try DeskSize(parsing: bytes, from: 1))
        case 0x0e:
            guard bytes.byteCount == 1 else { throw MalformedMessage(offset: 1) }
            self = .openVoices
        case 0x0c:
            guard
                bytes.byteCount == 2,
                let layout = bytes.bigEndian(UInt8.self, at: 1).flatMap(KeyboardLayout.init(rawValue:))
            else { throw MalformedMessage(offset: 1) }
            self = .setLayout(layout)
        case 0x10:
            guard
                bytes.byteCount == 6,
                let mark = bytes.bigEndian(UInt32.self, at: 1),
                let hand = bytes.bigEndian(UInt8.self, at: 5).flatMap(FurtherHand.init(rawValue:))
            else { throw MalformedMessage(offset: 1) }
            self = .releaseHand(DeskMark(mark), hand)
        case 0x11:
            guard
                bytes.byteCount == 2,
                let hand = bytes.bigEndian(UInt8.self, at: 1).flatMap(FurtherHand.init(rawValue:))
            else { throw MalformedMessage(offset: 1) }
            self = .removeHand(hand)
        default: throw MalformedMessage(offset: 0)
        }
    }

    /// How many bytes ``write(into:)`` appends.
    public var encodedLength: Int {
        switch self {
        case .configure(let configuration): 1 + configuration.encodedLength
        case .input(let event): 1 + event.encodedLength
        case .mark, .releaseAll, .setScreenSize: 5
        case .cover(let cover): 1 + cover.encodedLength
        case .listWindows, .openVoices: 1
        case .releaseHand: 6
        case .removeHand, .setLayout, .startStream, .stopStream: 2
        }
    }

    /// Appends the command; `output` must have room for ``encodedLength`` bytes.
    @_lifetime(output: copy output)
    public func write(into output: inout OutputRawSpan) {
        switch self {
        case .configure(let configuration):
            output.append(0x01)
            configuration.write(into: &output)
        case .input(let event):
            output.append(0x02)
            event.write(into: &output)
        case .releaseAll(let mark):
            output.append(0x03)
            output.append(network: mark.rawValue)
        case .startStream(let stream):
            output.append(0x05)
            output.append(stream.rawValue)
        case .stopStream(let stream):
            output.append(0x06)
            output.append(stream.rawValue)
        case .mark(let mark):
            output.append(0x08)
            output.append(network: mark.rawValue)
        case .cover(let cover):
            output.append(0x09)
            cover.write(into: &output)
        case .listWindows:
            output.append(0x0a)
        case .setScreenSize(let size):
            output.append(0x0b)
            output.append(network: size.width)
            output.append(network: size.height)
        case .openVoices:
            output.append(0x0e)
        case .setLayout(let layout):
            output.append(0x0c)
            output.append(layout.rawValue)
        case .releaseHand(let mark, let hand):
            output.append(0x10)
            output.append(network: mark.rawValue)
            output.append(hand.rawValue)
        case .removeHand(let hand):
            output.append(0x11)
            output.append(hand.rawValue)
        }
    }

    /// The command as bytes of its own; allocates.
    public func encoded() -> [UInt8] { [UInt8](writing: encodedLength) { write(into: &$0) } }

    private static func stream(_ bytes: RawSpan) throws(MalformedMessage) -> DeskStreamName {
        guard
            bytes.byteCount == 2,
            let value = bytes.bigEndian(UInt8.self, at: 1),
            let name = DeskStreamName(rawValue: value)
        else { throw MalformedMessage(offset: 1) }
        return name
    }
}

extension DeskMark {
    /// Reads the mark that the message ends with.
    fileprivate init(parsing bytes: RawSpan, from start: Int) throws(MalformedMessage) {
        guard bytes.byteCount == start + 4, let value = bytes.bigEndian(UInt32.self, at: start) else {
            throw MalformedMessage(offset: start)
        }
        self.init(value)
    }
}

extension DeskReport {
    /// Parses the report that fills `bytes`.
    public init(parsing bytes: RawSpan) throws(MalformedMessage) {
        switch bytes.bigEndian(UInt8.self, at: 0) {
        case 0x81: self = .status(try DeskStatus(parsing: bytes, from: 1))
        case 0x82: self = .cursor(try CursorMessage(parsing: bytes.extracting(1...)))
        case 0x83: self = .statistics(try DeskStatistics(parsing: bytes, from: 1))
        case 0x84: self = .reached(try DeskMark(parsing: bytes, from: 1))
        case 0x85: self = .typed(try TextReceipt(parsing: bytes.extracting(1...)))
        case 0x86: self = .covered(try DeskCovered(parsing: bytes, from: 1))
        case 0x87: self = .windows(try DeskWindow.list(parsing: bytes, from: 1))
        case 0x88:
            guard bytes.byteCount == 5, let window = bytes.bigEndian(UInt32.self, at: 1) else {
                throw MalformedMessage(offset: 1)
            }
            self = .windowLost(window)
        case 0x89:
            guard bytes.byteCount == 1 else { throw MalformedMessage(offset: 1) }
            self = .clipboardLink
        case 0x8a:
            guard bytes.byteCount == 1 else { throw MalformedMessage(offset: 1) }
            self = .filesLink
        case 0x8f: self = .effect(try DeskEffect(parsing: bytes, from: 1))
        case 0x8d: self = .screen(try DeskScreenReport(parsing: bytes, from: 1))
        case 0x8e:
            guard bytes.byteCount == 1 else { throw MalformedMessage(offset: 1) }
            self = .voicesLink
        case 0x8b:
            guard
                bytes.byteCount == 3,
                let layout = bytes.bigEndian(UInt8.self, at: 1).flatMap(KeyboardLayout.init(rawValue:)),
                let done = bytes.bigEndian(UInt8.self, at: 2), done <= 1
            else { throw MalformedMessage(offset: 1) }
            self = .layoutSet(layout, isDone: done == 1)
        case 0x8c where bytes.bigEndian(UInt8.self, at: 1) == TypingEcho.type:
            self = .echoed(try TypingEcho(parsing: bytes.extracting(1...)))
        case 0x8c: self = .held(try HeldAnswer(parsing: bytes.extracting(1...)))
        case 0x90:
            guard let hand = bytes.bigEndian(UInt8.self, at: 1).flatMap(FurtherHand.init(rawValue:)) else {
                throw MalformedMessage(offset: 1)
            }
            self = .handCursor(hand, try CursorMessage(parsing: bytes.extracting(2...)))
        case 0x91:
            guard
                bytes.byteCount == 2,
                let hand = bytes.bigEndian(UInt8.self, at: 1).flatMap(FurtherHand.init(rawValue:))
            else { throw MalformedMessage(offset: 1) }
            self = .handFailed(hand)
        default: throw MalformedMessage(offset: 0)
        }
    }

    /// How many bytes ``write(into:)`` appends.
    public var encodedLength: Int {
        switch self {
        case .status: 1 + DeskStatus.encodedLength
        case .cursor(let message): 1 + message.encodedLength
        case .statistics: 1 + DeskStatistics.encodedLength
        case .reached: 5
        case .typed: 1 + TextReceipt.encodedLength
        case .covered: 1 + DeskCovered.encodedLength
        case .windows(let windows): 1 + DeskWindow.encodedLength(of: windows)
        case .windowLost: 5
        case .clipboardLink, .filesLink, .voicesLink: 1
        case .effect: 1 + DeskEffect.encodedLength
        case .screen: 1 + DeskScreenReport.encodedLength
        case .held(let answer): 1 + answer.encodedLength
        case .layoutSet: 3
        case .echoed(let echo): 1 + echo.encodedLength
        case .handCursor(_, let message): 2 + message.encodedLength
        case .handFailed: 2
        }
    }

    /// Appends the report; `output` must have room for ``encodedLength`` bytes.
    @_lifetime(output: copy output)
    public func write(into output: inout OutputRawSpan) {
        switch self {
        case .status(let status):
            output.append(0x81)
            status.write(into: &output)
        case .cursor(let message):
            output.append(0x82)
            message.write(into: &output)
        case .statistics(let statistics):
            output.append(0x83)
            statistics.write(into: &output)
        case .reached(let mark):
            output.append(0x84)
            output.append(network: mark.rawValue)
        case .typed(let receipt):
            output.append(0x85)
            receipt.write(into: &output)
        case .covered(let covered):
            output.append(0x86)
            covered.write(into: &output)
        case .windows(let windows):
            output.append(0x87)
            DeskWindow.write(windows, into: &output)
        case .windowLost(let window):
            output.append(0x88)
            output.append(network: window)
        case .clipboardLink: output.append(0x89)
        case .filesLink: output.append(0x8a)
        case .effect(let effect):
            output.append(0x8f)
            effect.write(into: &output)
        case .screen(let report):
            output.append(0x8d)
            report.write(into: &output)
        case .voicesLink: output.append(0x8e)
        case .held(let answer):
            output.append(0x8c)
            answer.write(into: &output)
        case .echoed(let echo):
            output.append(0x8c)
            echo.write(into: &output)
        case .layoutSet(let layout, let isDone):
            output.append(0x8b)
            output.append(layout.rawValue)
            output.append(isDone ? 1 : 0)
        case .handCursor(let hand, let message):
            output.append(0x90)
            output.append(hand.rawValue)
            message.write(into: &output)
        case .handFailed(let hand):
            output.append(0x91)
            output.append(hand.rawValue)
        }
    }

    /// The report as bytes of its own; allocates.
    public func encoded() -> [UInt8] { [UInt8](writing: encodedLength) { write(into: &$0) } }
}
