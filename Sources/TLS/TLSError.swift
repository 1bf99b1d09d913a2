internal import COpenSSL

/// Why OpenSSL refused something, in its own words.
package struct TLSError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Such as “no shared cipher”, or “No such file or directory”.
    package let reason: String

    package var description: String { reason }

    init(_ reason: String) {
        self.reason = reason
    }

    /// The oldest entry of this thread's error queue, which is left empty.
    static func lastLibraryError() -> Self {
        let code = ERR_get_error()
        ERR_clear_error()
        guard code != 0 else { return Self("no reason given") }
        // Such as “error:80000002:system library::No such file or directory”.
        var text = [CChar](repeating: 0, count: 256)
        ERR_error_string_n(code, &text, text.count)
        let words = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return Self(words.split(separator: ":").last.map(String.init) ?? words)
    }
}
