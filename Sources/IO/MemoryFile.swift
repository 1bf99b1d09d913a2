internal import CLinux
internal import Glibc

/// A file in memory without a name: whoever has not inherited it cannot open it, and it is gone with the last process that has
/// it (memfd_create(2)).
public struct MemoryFile: ~Copyable, Sendable {
    public let descriptor: CInt

    public init() throws(SystemError) {
        descriptor = try SystemError.check(CLinux_make_memory_file())
    }

    /// Takes over one that this process was started with; throws if the descriptor is not open.
    public init(inheriting descriptor: CInt) throws(SystemError) {
        try SystemError.check(fcntl(descriptor, F_SETFD, FD_CLOEXEC))
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// At most `count` bytes from `offset` on.
    public borrowing func read(_ count: Int, at offset: Int = 0) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, read in
            read = max(0, pread(descriptor, buffer.baseAddress, count, off_t(offset)))
        }
    }

    /// Writes over what is there; the file grows as it has to.
    ///
    /// - Returns: Whether all of it was written; `false` where the system has no memory for it.
    @discardableResult
    public borrowing func write(_ bytes: [UInt8], at offset: Int = 0) -> Bool {
        bytes.withUnsafeBytes { buffer in
            var written = 0
            while written < buffer.count {
                let rest = UnsafeRawBufferPointer(rebasing: buffer[written...])
                let count = pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset + written))
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                written += count
            }
            return true
        }
    }
}
