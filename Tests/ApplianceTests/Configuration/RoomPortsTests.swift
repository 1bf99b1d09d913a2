import Appliance
import Glibc
import IO
import Testing
import Wire

@Suite struct RoomPortsTests {
    private static func configuration(port: Int, media: UInt16 = 0) -> Configuration {
        var configuration = Configuration()
        configuration.port = port
        configuration.mediaPort = media
        return configuration
    }

    @Test func freePortsAreNoProblemAndStayFree() {
        #expect(RoomPorts(Self.configuration(port: 0)).problems.isEmpty)
        #expect(RoomPorts(Self.configuration(port: 0)).problems.isEmpty)
    }

    @Test func aTakenUDPPortIsNamedWithItsSetting() throws {
        let socket = try UDPSocket(port: 0, bufferSize: 1 << 12)
        let port = socket.localAddress.port
        let problems = RoomPorts(Self.configuration(port: 0, media: port)).problems
        #expect(problems.count == 1)
        #expect(problems.first?.isTaken == true)
        #expect(problems.first?.error.key == "media.port")
        #expect(
            problems.first?.error.problem.contains("UDP port \(port) is taken by another program") == true
        )
        _ = consume socket
    }

    @Test(arguments: [
        (EACCES, "http.port", "NET_BIND_SERVICE"), (EACCES, "http.port", "ip_unprivileged_port_start=443"),
        (EADDRINUSE, "http.port", "TCP port 443 is taken by another program"),
        (EADDRNOTAVAIL, "http.host", "“192.0.2.9” is not an address of this machine"),
        (EMFILE, "http.port", "cannot listen on TCP port 443"),
    ])
    func eachReasonSaysWhatToDo(_ number: CInt, _ key: String, _ words: String) {
        let failure = ListeningPort.Failure.system(SystemError(number: number))
        let problem = RoomPorts.problem(failure, "TCP", 443, host: "192.0.2.9", key: "http.port")
        #expect(problem.error.key == key)
        #expect(problem.error.problem.contains(words))
        #expect(problem.isTaken == (number == EADDRINUSE))
    }

    @Test func anAddressThatIsNoneOfThisMachineIsNamed() {
        var configuration = Self.configuration(port: 0)
        configuration.host = "192.0.2.9"
        #expect(RoomPorts(configuration).problems.first?.error.key == "http.host")
    }
}
