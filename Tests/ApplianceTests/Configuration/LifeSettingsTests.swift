import Appliance
import Testing
import Wire

@Suite struct LifeSettingsTests {
    @Test func aRoomWaitsForEverAndLetsASessionGoOnForAWhile() async throws {
        let life = try await Self.read([:])
        #expect(life == LifeSettings())
        #expect(life.limits == RoomLife.Limits())
        #expect(life.limits.grace == .seconds(25) && life.limits.empty == nil && life.limits.longest == nil)
        #expect(!life.hasCodes)
    }

    @Test func minutesMayBePartsOfOne() async throws {
        let life = try await Self.read([
            "DESKROOM_LIFE_GRACE": "0", "DESKROOM_LIFE_EMPTY": "0.5", "DESKROOM_LIFE_LONGEST": "90",
            "DESKROOM_LIFE_CODES": "on",
        ])
        #expect(life.limits.grace == .zero)
        #expect(life.limits.empty == .seconds(30))
        #expect(life.limits.longest == .seconds(5_400))
        #expect(life.hasCodes)
    }

    @Test(arguments: [
        ("LIFE_GRACE", "-1"), ("LIFE_GRACE", "1.5"), ("LIFE_EMPTY", "-1"), ("LIFE_EMPTY", "nan"),
        ("LIFE_EMPTY", "soon"), ("LIFE_LONGEST", "inf"), ("LIFE_LONGEST", "10081"), ("LIFE_CODES", "perhaps"),
    ]) func whatIsNoTimeIsRefused(_ name: String, _ value: String) async {
        await #expect(throws: ConfigurationError.self) { try await Self.read(["DESKROOM_\(name)": value]) }
    }

    private static func read(_ environment: [String: String]) async throws -> LifeSettings {
        try await Configuration.load(flags: [:], file: nil, environment: environment).life
    }
}
