/// An X keysym that a participant may send: the meaning of a key, whatever the keyboard layout.
///
/// Latin-1 characters are their code point; every other Unicode character is `0x0100_0000` plus its
/// code point; keys without a character are `0xfd01...0xffff` and the vendor range `0x1008_ff00...`
/// (X Window System Protocol, appendix A). Values outside those ranges, and the few that command the
/// X server itself (terminate, switch virtual terminal, break grabs), do not exist as `Keysym`.
public struct Keysym: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt32

    /// Returns `nil` for a value that no participant may send.
    public init?(rawValue: UInt32) {
        switch rawValue {
        case 0x20...0x7e, 0xa0...0xff: break
        case 0x0100...0xfcff: break
        case Self.terminateServer: return nil
        case 0xfd01...0xffff: break
        case 0x0100_0020...0x0100_007e, 0x0100_00a0...0x0110_ffff:
            guard !(0x0100_d800...0x0100_dfff).contains(rawValue) else { return nil }
        case 0x1008_ff00...0x1008_ffff: break
        default: return nil
        }
        self.rawValue = rawValue
    }

    /// The keysym of a character.
    public init?(_ character: Unicode.Scalar) {
        switch character.value {
        case 0x08: self.init(rawValue: 0xff08)
        case 0x09: self.init(rawValue: 0xff09)
        case 0x0a, 0x0d: self.init(rawValue: 0xff0d)
        case 0x1b: self.init(rawValue: 0xff1b)
        case 0x20...0xff: self.init(rawValue: character.value)
        default: self.init(rawValue: 0x0100_0000 + character.value)
        }
    }

    /// The character of a Latin-1 or Unicode keysym.
    public var character: Unicode.Scalar? {
        switch rawValue {
        case 0x20...0xff: Unicode.Scalar(rawValue)
        case 0x0100_0000...0x0110_ffff: Unicode.Scalar(rawValue - 0x0100_0000)
        default: nil
        }
    }

    /// `Terminate_Server`, bound to Control-Alt-Backspace on some layouts.
    private static let terminateServer: UInt32 = 0xfed5
}
