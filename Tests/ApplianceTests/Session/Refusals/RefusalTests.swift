import Access
import Appliance
import Foundation
import Testing

@Suite struct RefusalTests {
    private let tokens: [TokenRefusal] = [
        .badClaim("exp"), .damaged, .expired, .forged, .notYetValid(seconds: 90), .otherAudience, .otherRoom,
        .spent, .spentIsFull, .tooLong, .tooManyTries(seconds: 1), .unknownKey, .unsupported, .withdrawn,
        .wrongAlgorithm,
    ]

    @Test func eachCodeHasASentenceOfItsOwn() {
        for code in RefusalCode.allCases {
            let words = code.sentence
            // What somebody gives as a reason has an end of its own.
            let isWhole = words.hasSuffix(".") || words.hasSuffix("{reason}")
            #expect(
                isWhole && words.first?.isLowercase == false && words.count < 140,
                "\(words)"
            )
        }
    }

    @Test func whoseLinkIsRefusedIsToldWhatToDo() {
        #expect(Set(tokens.map(\.code)) == Set(TokenRefusal.Code.allCases))
        let actions = ["Ask whoever", "ask for", "Come back", "Wait", "Tell whoever", "Look for"]
        for refusal in tokens.map({ Refusal($0) }) {
            #expect(actions.contains { refusal.message.contains($0) }, "\(refusal)")
            #expect(!refusal.message.contains("{"), "\(refusal)")
            #expect(refusal.code?.rawValue.hasPrefix("token") == true)
        }
    }

    /// The page's words are the room's, so that nobody is told two things.
    @Test func theEnglishPageSaysWhatTheRoomSays() throws {
        let file = try #require(PageAssets.builtIn["client/en-refusals.js"])
        // One that goes over two lines is put together.
        let page = String(decoding: file, as: UTF8.self)
            .replacing(#/'\s*\n\s*\+ '/#, with: "")
        for code in RefusalCode.allCases {
            let line = "'reason.\(code.rawValue)': '"
            #expect(page.contains(line + code.sentence + "'"), "\(code): \(code.sentence)")
        }
    }

    @Test func everyLanguageHasWordsForEachCode() throws {
        for language in ["en", "es"] {
            let file = try #require(PageAssets.builtIn["client/\(language)-refusals.js"])
            let page = String(decoding: file, as: UTF8.self)
            for code in RefusalCode.allCases {
                #expect(page.contains("'reason.\(code.rawValue)': '"), "\(language): \(code)")
            }
        }
    }

    @Test(
        arguments: [
            (1, "in 1 second."), (59, "in 59 seconds."), (60, "in 1 minute."), (61, "in 2 minutes."),
            (3_600, "in 1 hour."), (3_601, "in 2 hours."), (172_800, "in 2 days."), (172_801, "in 3 days."),
        ] as [(Int64, String)]
    )
    func nobodyComesBackTooEarly(_ seconds: Int64, _ words: String) {
        #expect(Refusal(.notYetValid(seconds: seconds)).message.hasSuffix(words))
    }

    @Test func whatCannotBeDoneToSomebodyIsSaidByACodeOfItsOwn() {
        let refusals: [ModerationRefusal: RefusalCode] = [
            .beyondYours: .beyondYourRights, .last: .lastWithRight, .noPlace(.full): .noPlaceToAdmit,
            .notRecorded: .notRecorded, .notThere: .personNotThere, .onlyClinicians: .onlyClinicians,
            .yourself: .notYourself,
        ]
        for (refusal, code) in refusals { #expect(Refusal(refusal).code == code) }
    }

    /// Names and claims are somebody else's.
    @Test func whatIsPutInIsNotReadAgain() {
        let refusal = Refusal(.controlKept, ["name": .text("{name} {wait}")])
        #expect(refusal.message == "{name} {wait} would like to keep it for now.")
    }
}
