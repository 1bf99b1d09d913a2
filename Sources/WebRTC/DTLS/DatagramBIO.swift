internal import COpenSSL
internal import Wire

/// The `BIO` through which OpenSSL reads the one datagram at hand and writes datagrams of its own.
///
/// OpenSSL's memory BIO joins what is written to it; this one keeps every datagram apart, and reads the
/// caller's bytes in place. It also learns of OpenSSL's retransmission timer, see ``DTLSTimer``.
final class DatagramBIO {
    /// What OpenSSL wrote since ``flush(to:into:)``, packed end to end.
    private var output: [UInt8] = []
    private var outputLengths: [Int] = []

    var hasOutput: Bool { !outputLengths.isEmpty }

    /// The datagram to be read next; valid during ``withInput(_:_:)`` only.
    private var input: UnsafeRawBufferPointer?

    var timer = DTLSTimer()

    /// Lets OpenSSL read `datagram` during `body`, and returns whether it did.
    func withInput(_ datagram: RawSpan, _ body: () -> Void) -> Bool {
        datagram.withUnsafeBytes { bytes in
            input = bytes
            defer { input = nil }
            body()
            return input == nil
        }
    }

    /// Moves what OpenSSL wrote into `queue`.
    func flush(to destination: SocketAddress, into queue: inout TransmitQueue) {
        output.withUnsafeBytes { bytes in
            var offset = 0
            for length in outputLengths {
                queue.append(to: destination) { datagram in
                    // In bounds: the lengths add up to the output's.
                    datagram.append(copying: RawSpan(_unsafeBytes: bytes[offset..<(offset + length)]))
                }
                offset += length
            }
        }
        output.removeAll(keepingCapacity: true)
        outputLengths.removeAll(keepingCapacity: true)
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
        buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: datagram.prefix(count)))
        return count
    }

    /// Takes one datagram; beyond ``maximumOutput`` it is dropped, as a full socket buffer drops it.
    fileprivate func write(_ datagram: UnsafeRawBufferPointer) {
        guard outputLengths.count < Self.maximumOutput else { return }
        output.append(contentsOf: datagram)
        outputLengths.append(datagram.count)
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
        BIO_meth_set_ctrl(method, control)
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

private func control(
    _ bio: OpaquePointer?,
    _ command: CInt,
    _: Int,
    _ argument: UnsafeMutableRawPointer?
) -> Int {
    switch command {
    case BIO_CTRL_FLUSH:
        return 1
    case BIO_CTRL_DGRAM_SET_NEXT_TIMEOUT:
        guard let time = argument?.assumingMemoryBound(to: timeval.self) else { return 0 }
        owner(of: bio)?.timer.handleChange(of: time)
        return 1
    default:
        // Everything else is a question to which 0 is the answer: nothing pending, nothing supported.
        return 0
    }
}
