import Wire

/// The bytes that `write` appends.
func written(_ write: (inout OutputRawSpan) -> Void) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 2_048)
    let count = bytes.withUnsafeMutableBytes { buffer in
        var out = OutputRawSpan(buffer: buffer, initializedCount: 0)
        write(&out)
        return out.finalize(for: buffer)
    }
    return Array(bytes[..<count])
}
