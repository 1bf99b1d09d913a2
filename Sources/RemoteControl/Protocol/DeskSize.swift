/// A size that the desk's screen can be given, in pixels: even, because I420 keeps one chroma sample for 2 × 2 of them, and
/// from ``smallest`` to ``greatest``.
public struct DeskSize: Codable, Hashable, Sendable {
    public let width: UInt16
    public let height: UInt16

    /// What is odd loses its last column or row; `nil` for what is too small or too large.
    public init?(width: Int, height: Int) {
        let (width, height) = (width & ~1, height & ~1)
        guard (320...3_840).contains(width), (240...2_160).contains(height) else { return nil }
        (self.width, self.height) = (UInt16(width), UInt16(height))
    }

    private init(_ width: UInt16, _ height: UInt16) {
        (self.width, self.height) = (width, height)
    }

    /// Reads `1280x720`.
    public init?(parsing text: some StringProtocol) {
        let numbers = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.count == 2, let width = numbers[0], let height = numbers[1] else { return nil }
        guard let size = Self(width: width, height: height), size.width == width, size.height == height else {
            return nil
        }
        self = size
    }

    public static let smallest = DeskSize(320, 240)
    public static let greatest = DeskSize(3_840, 2_160)

    /// Whether a screen of this size has room in one of the other.
    public func fits(in other: Self) -> Bool { width <= other.width && height <= other.height }

    /// The largest size that fits in both.
    public func intersection(_ other: Self) -> Self {
        Self(min(width, other.width), min(height, other.height))
    }

    /// The smallest size in which both fit.
    public func union(_ other: Self) -> Self {
        Self(max(width, other.width), max(height, other.height))
    }
}

extension DeskSize: CustomStringConvertible {
    public var description: String { "\(width)x\(height)" }
}
