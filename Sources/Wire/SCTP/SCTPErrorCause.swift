/// Why an endpoint sends ERROR or ABORT (RFC 9260 §3.3.10).
public struct SCTPErrorCause: RawRepresentable, Hashable, Sendable {
    public var rawValue: UInt16

    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    public static let invalidStream = Self(rawValue: 1)
    public static let missingParameter = Self(rawValue: 2)
    public static let staleCookie = Self(rawValue: 3)
    public static let unrecognizedChunk = Self(rawValue: 6)
    public static let invalidParameter = Self(rawValue: 7)
    public static let unrecognizedParameters = Self(rawValue: 8)
    public static let noUserData = Self(rawValue: 9)
    public static let userInitiatedAbort = Self(rawValue: 12)
    public static let protocolViolation = Self(rawValue: 13)
}
