import Access
import Testing

@Suite struct TokenRefusalTests {
    private let all: [TokenRefusal] = [
        .badClaim("exp"), .damaged, .expired, .forged, .notYetValid(seconds: 90), .otherAudience, .otherRoom,
        .spent,
        .spentIsFull, .tooLong, .tooManyTries(seconds: 1), .unknownKey, .unsupported, .withdrawn,
        .wrongAlgorithm,
    ]

    @Test func eachHasACodeOfItsOwn() {
        #expect(Set(all.map(\.code)) == Set(TokenRefusal.Code.allCases))
    }

    @Test func whatIsSignedRightlyIsNoGuess() {
        #expect(
            all.filter(\.isGuess).map(\.code)
                == [.damaged, .forged, .tooLong, .unknownKey, .unsupported, .wrongAlgorithm]
        )
    }
}
