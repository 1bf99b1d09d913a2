/// Why a token lets nobody in.
///
/// What whoever has opened the link is told, the room says.
package enum TokenRefusal: Error, Hashable, Sendable {
    /// A claim is missing or is not what it should be, in a token that is signed rightly: whoever makes them errs.
    case badClaim(String)
    /// It is not three parts of base64url with a header of JSON.
    case damaged
    case expired
    /// No key has made its signature.
    case forged
    /// Seconds until it is valid.
    case notYetValid(seconds: Int64)
    /// It was made for another service.
    case otherAudience
    case otherRoom
    /// It works once, and has.
    case spent
    /// No more used identifiers can be remembered, and a second use would not be noticed.
    case spentIsFull
    case tooLong
    /// Seconds to wait after too many refusals.
    case tooManyTries(seconds: Int64)
    case unknownKey
    /// An algorithm (`none` among them), a type or a critical header that is not known here.
    case unsupported
    case withdrawn
    /// Not the algorithm of the key.
    case wrongAlgorithm

    /// Whether it may come of guessing: the signature was not confirmed.
    package var isGuess: Bool {
        switch self {
        case .damaged, .forged, .tooLong, .unknownKey, .unsupported, .wrongAlgorithm: true
        case .badClaim, .expired, .notYetValid, .otherAudience, .otherRoom, .spent, .spentIsFull,
            .tooManyTries,
            .withdrawn:
            false
        }
    }

    /// A word for logs, the audit and programs.
    package var code: Code {
        switch self {
        case .badClaim: .badClaim
        case .damaged: .damaged
        case .expired: .expired
        case .forged: .forged
        case .notYetValid: .notYetValid
        case .otherAudience: .otherAudience
        case .otherRoom: .otherRoom
        case .spent: .spent
        case .spentIsFull: .spentIsFull
        case .tooLong: .tooLong
        case .tooManyTries: .tooManyTries
        case .unknownKey: .unknownKey
        case .unsupported: .unsupported
        case .withdrawn: .withdrawn
        case .wrongAlgorithm: .wrongAlgorithm
        }
    }

    package enum Code: String, Hashable, Sendable, CaseIterable {
        case badClaim, damaged, expired, forged, notYetValid, otherAudience, otherRoom, spent, spentIsFull,
            tooLong,
            tooManyTries, unknownKey, unsupported, withdrawn, wrongAlgorithm
    }
}
