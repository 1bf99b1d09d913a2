internal import Glibc

/// A failed system call.
public struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The value of `errno`.
    public let number: CInt

    public init(number: CInt) {
        self.number = number
    }

    /// The system's own words for the error.
    public var description: String { String(cString: strerror(number)) }

    /// Returns `result`, or throws `errno` if it is negative.
    @discardableResult
    package static func check(_ result: CInt) throws(SystemError) -> CInt {
        guard result >= 0 else { throw SystemError(number: errno) }
        return result
    }
}
