internal import Glibc
internal import IO

/// Why a file cannot be read.
struct FileProblem: CustomStringConvertible {
    let description: String

    init(_ path: String) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            description =
                switch errno {
                case ENOENT, ENOTDIR: "there is no such file"
                case EACCES, EPERM: "this user (\(geteuid())) may not read it"
                default: SystemError(number: errno).description
                }
            return
        }
        close(descriptor)
        description = FileStatus(path)?.isDirectory == true ? "it is a directory" : "it is no ordinary file"
    }
}
