internal import Glibc

/// A lock (flock(2)) that its process holds until it ends, however it ends.
final class FileLock: Sendable {
    private let descriptor: CInt

    /// Takes the lock of a file that is there; `nil` if another process has it.
    init?(taking path: String) {
        let descriptor = unsafe open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return nil }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            return nil
        }
        self.descriptor = descriptor
    }

    /// Makes the file, which nobody sees before it is locked; `nil` if it cannot be made.
    init?(making path: String) {
        let hidden = path + ".new"
        let descriptor = unsafe open(hidden, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return nil }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, unsafe rename(hidden, path) == 0 else {
            close(descriptor)
            return nil
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }
}
