internal import Glibc
package import IO

/// The ports that a room listens on, tried before anything is started.
package struct RoomPorts: Sendable {
    /// Why a port cannot be had, and whether waiting may help.
    package struct Problem: Hashable, Sendable {
        package var error: ConfigurationError
        /// Another program has it, which may end.
        package var isTaken: Bool
    }

    package let problems: [Problem]

    package init(_ configuration: Configuration) {
        var problems: [Problem] = []
        let port = configuration.port
        do throws(ListeningPort.Failure) {
            try ListeningPort.probeTCP(host: configuration.host, port: port)
        } catch {
            problems.append(Self.problem(error, "TCP", port, host: configuration.host, key: "http.port"))
        }
        do throws(ListeningPort.Failure) {
            try ListeningPort.probeUDP(port: configuration.mediaPort)
        } catch {
            problems.append(
                Self.problem(error, "UDP", Int(configuration.mediaPort), host: nil, key: "media.port")
            )
        }
        self.problems = problems
    }

    package static func problem(
        _ failure: ListeningPort.Failure,
        _ kind: String,
        _ port: Int,
        host: String?,
        key: String
    ) -> Problem {
        let number: CInt
        switch failure {
        case .noAddress:
            return Problem(
                error: ConfigurationError(
                    key: "http.host",
                    problem: "there is no address for “\(host ?? "")”"
                ),
                isTaken: false
            )
        case .system(let error): number = error.number
        }
        var error = ConfigurationError(
            key: key,
            problem: "cannot listen on \(kind) port \(port): \(SystemError(number: number))"
        )
        switch number {
        case EADDRINUSE:
            error.problem = "\(kind) port \(port) is taken by another program: end it, or choose another port"
        case EACCES, EPERM:
            error.problem = """
                this user may not listen on \(kind) port \(port): choose one from 1024 on, or give the right \
                (--cap-add NET_BIND_SERVICE of a container, AmbientCapabilities=CAP_NET_BIND_SERVICE of a systemd \
                service, or sysctl net.ipv4.ip_unprivileged_port_start=\(port))
                """
        case EADDRNOTAVAIL:
            error.key = "http.host"
            error.problem =
                "“\(host ?? "")” is not an address of this machine; 0.0.0.0 or :: stands for all that it has"
        default: break
        }
        return Problem(error: error, isTaken: number == EADDRINUSE)
    }
}
