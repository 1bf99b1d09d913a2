import Access
import Appliance
import Testing
import Wire

/// Addresses, headers and rates of what comes from outside.
@Suite struct OutsideRequestTests {
    @Test(
        arguments: [
            ("/whep", OutsideClient.viewer, nil), ("/whip/", .publisher, nil),
            ("/whip/0a1b", .publisher, "0a1b"),
            ("/whep/0a1b?x=y", .viewer, "0a1b"),
        ] as [(String, OutsideClient, String?)]
    )
    func addressesAreRead(_ target: String, _ client: OutsideClient, _ session: String?) {
        let path = OutsidePath(target)
        #expect(path?.client == client && path?.session == session)
    }

    @Test(arguments: ["/", "", "whep", "/whepx", "/room", "/whep/a/b", "/api/whep", "?whep", "/WHEP"])
    func otherAddressesAreNoneOfThese(_ target: String) {
        #expect(OutsidePath(target) == nil)
    }

    @Test func aQuerySaysEachThingOnce() {
        let path = OutsidePath("/whep?token=a.b%2Ec&name=Hall%20screen&token=other&x&bad=%zz")
        #expect(path?.query == ["token": "a.b.c", "name": "Hall screen"])
    }

    @Test func serversAreSaidALineEachAndWithoutCommas() {
        var servers = ICEServers(
            servers: [
                .init(
                    urls: ["turn:turn.example:3478?transport=udp", "stun:stun.example"],
                    username: "1:2",
                    credential: #"p"w"#
                )
            ],
            own: .init(username: "me", credential: "secret"),
            only: false
        )
        #expect(
            servers.links(host: "room.example:8443") == [
                #"<turn:turn.example:3478?transport=udp>; rel="ice-server"; username="1:2"; credential="p\"w"; credential-type="password""#,
                #"<stun:stun.example>; rel="ice-server""#,
                #"<turns:room.example:8443?transport=tcp>; rel="ice-server"; username="me"; credential="secret"; credential-type="password""#,
            ]
        )
        servers.servers = []
        #expect(servers.links(host: "room.example").first?.hasPrefix("<turns:room.example:443?") == true)
        #expect(servers.links(host: "[2001:db8::1]").first?.hasPrefix("<turns:[2001:db8::1]:443?") == true)
        #expect(servers.links(host: nil) == [])
    }

    @Test func sessionsAreFewAndAddressesAreForgotten() {
        var allowance = OutsideAllowance()
        let start = Instant(nanoseconds: 0)
        let begun = (0..<40).count { _ in allowance.admit(.begin, from: share(1), now: start) }
        #expect(begun == 20)
        let mayEnd = allowance.admit(.about, from: share(1), now: start)
        let mayAnother = allowance.admit(.begin, from: share(2), now: start)
        let mayAgain = allowance.admit(.begin, from: share(1), now: start + .seconds(1))
        #expect(mayEnd && mayAnother && mayAgain)
        for address in 0..<10_000 as Range<UInt32> {
            _ = allowance.admit(.begin, from: share(address), now: start)
            #expect(allowance.count <= 4_096)
        }
    }

    @Test func originsAreTakenAsTheyAre() throws {
        var settings = OutsideSettings()
        #expect(!settings.admits("https://clinic.example"))
        settings.origins = try AllowedOrigins(["https://clinic.example"])
        #expect(settings.admits("https://clinic.example"))
        #expect(!settings.admits("https://clinic.example.evil") && !settings.admits("null"))
        settings.takesEveryOrigin = true
        #expect(settings.admits("https://anybody.example"))
    }

    private func share(_ address: UInt32) -> NetworkShare {
        NetworkShare(SocketAddress(ipv4: address << 8, port: 1))
    }
}

/// What somebody from outside can do in the room, whatever they show.
@Suite struct OutsideClientTests {
    @Test func nothingIsLeftButWhatTheyCameFor() {
        var grant = Grant(role: .clinician, rights: .all)
        #expect(OutsideClient.viewer.limit(&grant) == nil)
        #expect(grant == Grant(role: .observer, rights: [.see, .hear, .watchOutside]))
        grant = Grant(role: .client, rights: .all)
        #expect(OutsideClient.publisher.limit(&grant) == nil)
        #expect(grant == Grant(role: .observer, rights: [.speak, .camera, .publishOutside]))
    }

    @Test func whoeverHasNotTheRightIsRefused() {
        for (client, code) in [
            (OutsideClient.viewer, RefusalCode.mayNotWatchOutside), (.publisher, .mayNotPublishOutside),
        ] {
            for rights in [Rights.all.subtracting(client.needed), client.needed, []] {
                var grant = Grant(role: .clinician, rights: rights)
                #expect(client.limit(&grant)?.code == code)
            }
        }
    }
}
