import Appliance
import Testing

@Suite struct NearestNameTests {
    @Test(arguments: [
        ("DESKROOM_HTTP_PROT", "http.port"), ("http.prot", "http.port"), ("HTTP_PORT", "http.port"),
        ("http_port", "http.port"), ("DESKROOM_HTTPPORT", "http.port"), ("http.prt", "http.port"),
        ("DESKROOM_ACCESS_KEYFILE", "access.keyFile"), ("DESKROOM_TLS_CERTIFICAT", "tls.certificate"),
        ("DESKROOM_DESK_APP", "desk.apps"), ("DESKROOM_MEDIA_ADDRESS", "media.addresses"),
    ])
    func aSlipOfTheFingersFindsItsSetting(_ written: String, _ key: String) {
        #expect(NearestName.setting(to: written)?.key == key)
    }

    @Test(arguments: [
        "", "DESKROOM_", "zzzzzz", "DESKROOM_WALLPAPER_COLOUR", String(repeating: "a", count: 10_000),
    ])
    func whatIsLikeNothingFindsNothing(_ written: String) {
        #expect(NearestName.setting(to: written) == nil)
    }

    @Test(arguments: [
        ("", "", 0), ("a", "", 1), ("", "ab", 2), ("port", "port", 0), ("prot", "port", 1),
        ("pot", "port", 1),
        ("sport", "port", 1), ("fort", "port", 1), ("ca", "abc", 3),
    ])
    func distancesCountPutInLeftOutReplacedAndSwapped(_ one: String, _ other: String, _ distance: Int) {
        #expect(NearestName.distance(Array(one.utf8), Array(other.utf8)) == distance)
        #expect(NearestName.distance(Array(other.utf8), Array(one.utf8)) == distance)
    }
}
