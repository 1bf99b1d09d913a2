import Access
import Testing

@Suite struct TokenRefusalTests {
    private let all: [TokenRefusal] = [
        .badClaim("exp"), .damaged, .expired, .forged, .notYetValid(seconds: 90), .otherAudience, .otherRoom,
        .spent,
        .spentIsFull, .tooLong, .tooManyTries(seconds: 1), .unknownKey, .unsupported, .withdrawn,
        .wrongAlgorithm,
    ]

    @Test func eachHasACodeAndASentenceThatSaysWhatToDo() {
        #expect(Set(all.map(\.code)) == Set(TokenRefusal.Code.allCases))
        let actions = ["Ask whoever", "ask for", "Come back", "Wait", "Tell whoever", "Look for"]
        for refusal in all {
            let words = refusal.description
            #expect(words.hasSuffix(".") && words.first?.isUppercase == true && words.count < 130, "\(words)")
            #expect(actions.contains { words.contains($0) }, "\(words)")
        }
    }

    @Test func whatIsSignedRightlyIsNoGuess() {
        #expect(
            all.filter(\.isGuess).map(\.code)
                == [.damaged, .forged, .tooLong, .unknownKey, .unsupported, .wrongAlgorithm]
        )
    }

    @Test(
        arguments: [
            (1, "in 1 second."), (59, "in 59 seconds."), (60, "in 1 minute."), (61, "in 2 minutes."),
            (3_600, "in 1 hour."),
            (3_601, "in 2 hours."), (172_800, "in 2 days."), (172_801, "in 3 days."),
        ] as [(Int64, String)]
    )
    func nobodyComesBackTooEarly(_ seconds: Int64, _ words: String) {
        #expect(TokenRefusal.notYetValid(seconds: seconds).description.hasSuffix(words))
    }
}
