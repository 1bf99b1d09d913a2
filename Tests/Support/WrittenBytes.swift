public import Wire

/// The bytes that `write` appends.
package func written(_ write: (inout OutputRawSpan) -> Void) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 2_048)
    let count = bytes.withUnsafeMutableBytes { buffer in
        var out = OutputRawSpan(buffer: buffer, initializedCount: 0)
        write(&out)
        return out.finalize(for: buffer)
    }
    return Array(bytes[..<count])
}

extension [UInt8] {
    /// The bytes of hexadecimal digits; whatever else is between them is ignored.
    package init(hex text: String) {
        let digits = text.compactMap(\.hexDigitValue)
        self = stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}
