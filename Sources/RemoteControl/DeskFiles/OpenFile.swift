internal import Glibc

/// An open regular file; it is closed with this object.
final class OpenFile {
    private let descriptor: CInt

    /// Takes the descriptor over.
    init(_ descriptor: CInt) {
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    private var status: stat? {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? status : nil
    }

    var isRegular: Bool { status.map { $0.st_mode & S_IFMT == S_IFREG } ?? false }
    var size: UInt64 { status.map { UInt64(clamping: $0.st_size) } ?? 0 }

    /// Another number whenever it is another file, or was changed; not 0.
    var version: UInt64 {
        guard let status else { return 0 }
        let facts = [
            UInt64(status.st_dev), UInt64(status.st_ino), UInt64(clamping: status.st_size),
            UInt64(bitPattern: Int64(status.st_mtim.tv_sec)),
            UInt64(bitPattern: Int64(status.st_mtim.tv_nsec)),
        ]
        let bytes = facts.flatMap { fact in (0..<8).map { UInt8(truncatingIfNeeded: fact >> (8 * $0)) } }
        let number = FileDigest(of: bytes).bytes.prefix(8).reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        return max(number, 1)
    }

    /// Whole blocks but for the last; `nil` if it cannot be read, or has become shorter.
    func read(at offset: UInt64, count: Int) -> [UInt8]? {
        var done = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while done < count {
                let place = UnsafeMutableRawPointer(buffer.baseAddress)?.advanced(by: done)
                let got = pread(descriptor, place, count - done, off_t(offset) + off_t(done))
                if got < 0, errno == EINTR { continue }
                guard got > 0 else { break }
                done += got
            }
            filled = done
        }
        return done == count ? bytes : nil
    }

    /// Writes all of it; `nil`, or why not.
    func write(_ bytes: [UInt8], at offset: UInt64) -> SharedFolder.Failure? {
        var done = 0
        return bytes.withUnsafeBytes { buffer in
            while done < buffer.count {
                let place = buffer.baseAddress?.advanced(by: done)
                let put = pwrite(descriptor, place, buffer.count - done, off_t(offset) + off_t(done))
                if put < 0, errno == EINTR { continue }
                guard put > 0 else { return SharedFolder.failure(put < 0 ? errno : ENOSPC) }
                done += put
            }
            return nil
        }
    }
}
