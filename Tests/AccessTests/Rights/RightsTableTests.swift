import Access
import Testing

@Suite struct RightsTableTests {
    @Test func everyRightIsOneBitOfItsOwnAndHasAName() {
        let rights: [Rights] = [
            .see, .hear, .speak, .camera, .chat, .pointer, .keyboard, .clipboardIn, .clipboardOut, .fileIn,
            .fileOut, .admit, .grant, .muteOthers, .remove, .mask, .record, .point, .arrange, .soundIn,
            .watchOutside,
            .publishOutside,
        ]
        #expect(rights.reduce(into: Rights()) { $0.formUnion($1) } == .all)
        #expect(rights.reduce(0) { $0 + $1.rawValue } == Rights.all.rawValue)
        #expect(rights.map(\.names).allSatisfy { $0.count == 1 })
        #expect(Set(Rights.all.names).count == rights.count)
        #expect(Rights(names: Rights.all.names) == .all)
        #expect(Rights(names: ["chat", "fileOut", "chat"]) == [.chat, .fileOut])
        #expect(Rights(names: ["Chat"]) == nil)
        #expect(Rights(names: []) == [])
    }

    @Test func whoeverIsNoClinicianRulesNobodyUnlessSaidSo() {
        let table = RightsTable()
        let ruling: Rights = [
            .admit, .grant, .muteOthers, .remove, .mask, .record, .point, .arrange, .soundIn, .watchOutside,
            .publishOutside,
        ]
        for role in Role.allCases {
            #expect(table[role].isDisjoint(with: ruling) == (role != .clinician))
            #expect(table[role].isSuperset(of: [.see, .hear]))
        }
        #expect(table[.clinician] == .all)
        #expect(table[.observer] == [.see, .hear])
        #expect(!table[.caregiver].contains(.keyboard) && table[.client].contains(.keyboard))
    }

    @Test func aTokenGivesAndTakes() throws {
        var token = try Signer().token()
        let table = RightsTable()
        #expect(table.rights(of: token) == table[.client])
        token.given = [.record, .mask]
        token.taken = [.mask, .chat]
        #expect(table.rights(of: token) == table[.client].union(.record).subtracting(.chat))
    }

    @Test(
        arguments: [
            ("see hear", [.see, .hear]), ("  see,hear ,chat\t", [.see, .hear, .chat]), ("none", []),
            ("+record -chat", [.see, .hear, .speak, .camera, .pointer, .keyboard, .record]),
            ("+chat", [.see, .hear, .speak, .camera, .chat, .pointer, .keyboard]),
            ("-see,-hear,-speak,-camera,-chat,-pointer", [.keyboard]),
        ] as [(String, Rights)]
    )
    func aSettingListsRightsOrChanges(_ setting: String, _ rights: Rights) throws {
        var table = RightsTable()
        try table.set(.client, from: setting)
        #expect(table[.client] == rights)
        #expect(table[.clinician] == .all)
    }

    @Test(arguments: [
        ("", "is empty"), (" , ", "is empty"), ("see +hear", "with and without"),
        ("see fly", "“fly”, which is no right"),
        ("+", "“”, which is no right"), ("none see", "“none”"), ("-Chat", "“Chat”"),
        ("see;hear", "there are see, hear"),
    ])
    func aSettingThatIsNoneIsRefusedInWords(_ setting: String, _ words: String) throws {
        var table = RightsTable()
        let error = #expect(throws: UnusableRights.self) { try table.set(.client, from: setting) }
        #expect(try #require(error).description.contains(words))
        #expect(table == RightsTable())
    }
}
