import Glibc

/// A directory that goes with the value; in memory where that can be, so that many writes take no time.
final class TemporaryDirectory {
    let path: String

    init() {
        let parent = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
        var template = Array("\(parent)/audit-XXXXXX".utf8CString)
        precondition(mkdtemp(&template) != nil, "a directory can be made")
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        for name in ["log", "log.head", "log.head.new", "log.torn"] {
            unlink("\(path)/\(name)")
            rmdir("\(path)/\(name)")
        }
        rmdir(path)
    }

    var log: String { path + "/log" }

    func bytes(_ name: String = "log") -> [UInt8] {
        let file = open("\(path)/\(name)", O_RDONLY)
        defer { close(file) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while case let count = read(file, &piece, piece.count), count > 0 { bytes += piece[..<count] }
        return bytes
    }

    func write(_ bytes: some Collection<UInt8>, to name: String = "log") {
        let file = open("\(path)/\(name)", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        defer { close(file) }
        precondition(
            Glibc.write(file, Array(bytes), bytes.count) == bytes.count,
            "there is room for a small file"
        )
    }
}
