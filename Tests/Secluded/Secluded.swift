import Glibc
import IO

/// Tries, under the filter that the room is under, what it has no use for: a line for each, with the error's number, 0 for none.
@main struct Secluded {
    static func main() throws {
        // Those that are there already are put under it, too.
        let early = NamedThread("early") { sleep(1) }
        guard try Seclusion.begin() else { return print("unable") }
        tell("unix", socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0))
        var pair: [CInt] = [0, 0]
        tell("pair", socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0, &pair))
        tell("packet", socket(AF_PACKET, CInt(SOCK_DGRAM.rawValue), 0))
        tell("internet", socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0))
        tell("netlink", socket(AF_NETLINK, CInt(SOCK_RAW.rawValue), 0))
        tell("signal", kill(getppid(), 0))
        var child: pid_t = 0
        var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("true"), nil]
        let error = posix_spawn(&child, "/bin/true", nil, nil, &arguments, environ)
        print("spawn \(error)")
        execv("/bin/true", &arguments)
        print("exec \(errno)")
        var hints = addrinfo()
        hints.ai_flags = 0
        var found: UnsafeMutablePointer<addrinfo>?
        print("names \(getaddrinfo("localhost", "80", &hints, &found))")
        // Threads are made as ever.
        NamedThread("late") { tell("late", socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)) }.join()
        early.join()
    }

    private static func tell(_ name: String, _ result: CInt) { print("\(name) \(result < 0 ? errno : 0)") }
}
