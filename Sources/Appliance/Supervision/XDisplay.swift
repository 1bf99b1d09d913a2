internal import Foundation
internal import Glibc

/// A virtual X server of the room's own: Xvfb on the first free display, open only to who has its key.
struct XDisplay: Sendable {
    /// As in `DISPLAY`.
    let name: String
    /// As in `XAUTHORITY`.
    let authority: String
    let program: SupervisedProgram

    /// - Throws: ``ConfigurationError`` if there is no free display or the key cannot be written.
    init(
        width: Int,
        height: Int,
        directory: RuntimeDirectory,
        environment: [String: String]
    ) throws(ConfigurationError) {
        guard let number = (20..<1_000).first(where: { !Self.isTaken($0) }) else {
            throw ConfigurationError(
                key: "desk.display",
                problem: "there is no free X display between :20 and :999"
            )
        }
        name = ":\(number)"
        authority = directory.file("xauthority")
        let cookie = (0..<16).map { _ in UInt8.random(in: .min ... .max) }
        guard Self.write(cookie, display: number, to: authority) else {
            throw ConfigurationError(key: "runtime.dir", problem: "cannot write \(authority)")
        }
        program = SupervisedProgram(
            name: "X server",
            executable: "Xvfb",
            arguments: [
                name, "-screen", "0", "\(width)x\(height)x24", "-dpi", "96", "-nolisten", "tcp", "-auth",
                authority,
                "-noreset", "+extension", "RANDR", "+extension", "GLX", "-s", "0",
            ],
            environment: environment
        )
    }

    /// Its socket, which is there once clients can connect.
    var socket: String { "/tmp/.X11-unix/X" + name.dropFirst() }

    /// A server that was killed leaves its lock and socket behind; Xvfb removes those of a process that is
    /// gone.
    private static func isTaken(_ number: Int) -> Bool {
        FileStatus.exists("/tmp/.X\(number)-lock") || FileStatus.exists("/tmp/.X11-unix/X\(number)")
    }

    /// Writes one entry of Xlib's authority file: family "wild", so that it holds whatever the host is
    /// called.
    private static func write(_ cookie: [UInt8], display: Int, to path: String) -> Bool {
        func counted(_ bytes: [UInt8]) -> [UInt8] {
            [UInt8(truncatingIfNeeded: bytes.count >> 8), UInt8(truncatingIfNeeded: bytes.count)] + bytes
        }
        let entry =
            [0xff, 0xff] + counted([]) + counted(Array(String(display).utf8))
            + counted(Array("MIT-MAGIC-COOKIE-1".utf8))
            + counted(cookie)
        return FileManager.default.createFile(
            atPath: path,
            contents: Data(entry),
            attributes: [.posixPermissions: 0o600]
        )
    }
}
