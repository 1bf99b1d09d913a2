import Appliance
import Testing

@Suite struct MetricsDoorTests {
    private static let secret = "0123456789abcdef0123456789abcdef"

    private func door(_ access: MetricsSettings.Access) -> MetricsDoor {
        var settings = MetricsSettings()
        settings.access = access
        settings.secret = Self.secret
        return MetricsDoor(settings)
    }

    @Test(
        arguments: [
            (.local, "127.0.0.1", true), (.local, "::1", true), (.local, "10.1.2.3", false),
            (.local, "203.0.113.7", false), (.local, "", false), (.private, "10.1.2.3", true),
            (.private, "fd00::7", true), (.private, "203.0.113.7", false), (.token, "127.0.0.1", false),
            (.off, "127.0.0.1", false),
        ] as [(MetricsSettings.Access, String, Bool)]
    )
    func withoutASecretWhereOneIsDecides(_ access: MetricsSettings.Access, _ peer: String, _ isAdmitted: Bool)
    {
        #expect(door(access).admits(peer: peer, isForwarded: false, authorization: nil) == isAdmitted)
    }

    @Test func aProxyOnThisMachineSpeaksForSomebodyElse() {
        #expect(!door(.local).admits(peer: "127.0.0.1", isForwarded: true, authorization: nil))
    }

    @Test func theSecretOpensFromAnywhere() {
        let good = "Bearer " + Self.secret
        #expect(door(.token).admits(peer: "203.0.113.7", isForwarded: true, authorization: good))
        for wrong in [
            "Bearer " + Self.secret.dropLast() + "0", "Basic " + Self.secret, Self.secret, "Bearer ",
        ] {
            #expect(!door(.token).admits(peer: "203.0.113.7", isForwarded: false, authorization: wrong))
        }
    }
}
