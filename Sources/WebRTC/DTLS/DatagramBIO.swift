internal import COpenSSL

/// The `BIO` through which OpenSSL reads the one record at hand and writes datagrams of its own.
///
/// OpenSSL's memory BIO joins what is written to it; this one keeps every datagram apart.
final class DatagramBIO {
    /// What OpenSSL wrote since ``takeOutput()``.
    private var output: [[UInt8]] = []

    /// What OpenSSL reads next.
    var input: [UInt8]?

    /// What OpenSSL wrote since the last call.
    func takeOutput() -> [[UInt8]] {
        defer { output = [] }
        return output
    }

    /// A new `BIO *`, owned by the caller, that calls back into this object, which must outlive it.
    func makeBIO() -> OpaquePointer? {
        guard let method = Self.method, let bio = BIO_new(method) else { return nil }
        BIO_set_data(bio, Unmanaged.passUnretained(self).toOpaque())
        BIO_set_init(bio, 1)
        return bio
    }

    /// One datagram per call, as `recv` gives it: what does not fit is lost.
    fileprivate func read(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        guard let datagram = input else { return nil }
        input = nil
        let count = min(buffer.count, datagram.count)
        datagram.withUnsafeBytes {
            buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0.prefix(count)))
        }
        return count
    }

    /// Takes one datagram; beyond ``maximumOutput`` it is dropped, as a full socket buffer drops it.
    fileprivate func write(_ datagram: UnsafeRawBufferPointer) {
        guard output.count < Self.maximumOutput else { return }
        output.append(Array(datagram))
    }

    /// A flight of the handshake is four datagrams long; at the smallest MTU a dozen.
    private static let maximumOutput = 64

    /// `BIO_METHOD *`, made once and never changed or freed.
    nonisolated(unsafe) private static let method: OpaquePointer? = {
        guard let method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "datagram") else {
            return nil
        }
        BIO_meth_set_read(method, readDatagram)
        BIO_meth_set_write(method, writeDatagram)
        // Flushed is at once what was written. Everything else is a question to which 0 is the answer: nothing
        // pending, nothing supported.
        BIO_meth_set_ctrl(method) { _, command, _, _ in command == BIO_CTRL_FLUSH ? 1 : 0 }
        return method
    }()
}

// MARK: - C callbacks

private func owner(of bio: OpaquePointer?) -> DatagramBIO? {
    // `makeBIO` set the data to an object that outlives the BIO.
    BIO_get_data(bio).map { Unmanaged<DatagramBIO>.fromOpaque($0).takeUnretainedValue() }
}

private func readDatagram(_ bio: OpaquePointer?, _ buffer: UnsafeMutablePointer<CChar>?, _ size: CInt) -> CInt
{
    COpenSSL_BIO_clear_retry_flags(bio)
    let target = UnsafeMutableRawBufferPointer(start: buffer, count: Int(size))
    guard let count = owner(of: bio)?.read(into: target) else {
        COpenSSL_BIO_set_retry_read(bio)
        return -1
    }
    return CInt(count)
}

private func writeDatagram(_ bio: OpaquePointer?, _ bytes: UnsafePointer<CChar>?, _ count: CInt) -> CInt {
    COpenSSL_BIO_clear_retry_flags(bio)
    owner(of: bio)?.write(UnsafeRawBufferPointer(start: bytes, count: Int(count)))
    return count
}
