/// How much somebody has spoken in the last second, on three time scales (Volfin and Cohen, "Dominant speaker
/// identification for multipoint videoconferencing", 2013).
///
/// ```
///   long     1 s     ten medium ones         a spell of speech
///   medium   100 ms  five immediate ones     a word
///   immediate 20 ms  one level               a sound
/// ```
///
/// On each scale the score is the log-likelihood ratio of speech to silence for the number of active parts.
struct SpeechActivity: Sendable {
    /// The scores at the last ``evaluate()``; more is more speech.
    private(set) var immediate = Self.immediateScore.least
    private(set) var medium = Self.mediumScore.least
    private(set) var long = Self.longScore.least

    /// Whether the last word's length held speech enough to be called speaking.
    var isActive: Bool { activeSounds(in: 0) >= 2 }

    /// Active bands of each 20 ms, 0…13: one bit would do for silence, more tell a voice from a murmur.
    ///
    /// A ring.
    private var bands = [UInt8](repeating: 0, count: sounds)
    private var next = 0
    /// The quietest level of late, of 127: what this microphone has at rest.
    private var floor = firstFloor
    private var floorCandidate = 127.0
    private var untilNextFloor = floorWindow

    /// Appends 20 ms of sound at `loudness`, 0 (silence) … 127.
    mutating func append(_ loudness: UInt8) {
        let level = Double(loudness)
        // Digital silence says nothing of the room.
        if loudness > 0 { floorCandidate = min(floorCandidate, level) }
        floor = min(floor, floorCandidate)
        untilNextFloor -= 1
        if untilNextFloor == 0 {
            // Nothing heard at all leaves the rest as it was.
            if floorCandidate < 127 { floor = min(floorCandidate, Self.highestFloor) }
            floorCandidate = 127
            untilNextFloor = Self.floorWindow
        }
        // Less than a band above the rest is the room, not a voice.
        bands[next] = level >= floor + Self.band ? UInt8(min(level / Self.band, Double(Self.bandCount))) : 0
        next = (next + 1) % Self.sounds
    }

    /// Takes the scores of the three scales anew.
    mutating func evaluate() {
        var words = 0
        for word in 0..<Self.words where activeSounds(in: word) >= Self.soundsOfWord { words += 1 }
        let newest = (next + Self.sounds - 1) % Self.sounds
        immediate = Self.immediateScore.score(Int(bands[newest]))
        medium = Self.mediumScore.score(activeSounds(in: 0))
        long = Self.longScore.score(words)
    }

    /// Active sounds in the word `word` words ago.
    private func activeSounds(in word: Int) -> Int {
        var count = 0
        for sound in 1...Self.soundsPerWord {
            let index = (next + Self.sounds - word * Self.soundsPerWord - sound) % Self.sounds
            if bands[index] > Self.soundThreshold { count += 1 }
        }
        return count
    }

    static let soundLength: Int64 = 20
    private static let band = 127.0 / 13
    private static let bandCount = 13
    /// 15 s: nobody speaks that long without a breath.
    private static let floorWindow = 750
    /// −67 dBov: until the room is known, it is taken for a quiet one.
    private static let firstFloor = 60.0
    /// −37 dBov: a noise louder than this hides no loud voice.
    private static let highestFloor = 90.0
    /// More than this many bands is speech: −49 dBov.
    private static let soundThreshold: UInt8 = 7
    private static let soundsPerWord = 5
    private static let soundsOfWord = 4
    private static let words = 10
    static let sounds = soundsPerWord * words

    // Rates 0.78, 24 and 47, as found for meetings; the logarithms are written out, for this layer has no C
    // library.
    private static let immediateScore = ActivityScore(count: bandCount, rate: 0.78, logarithm: -0.248_461)
    private static let mediumScore = ActivityScore(count: soundsPerWord, rate: 24, logarithm: 3.178_054)
    private static let longScore = ActivityScore(count: words, rate: 47, logarithm: 3.850_148)
}

/// The log-likelihood ratio of speech to silence for 0…`count` active parts: binomial with even odds in
/// speech, exponential with `rate` in silence.
///
/// A table: it is looked up for every participant.
private struct ActivityScore {
    private let scores: [Double]
    /// No score is less, so that ratios exist.
    let least: Double

    /// - Parameter logarithm: Of `rate`.
    init(count: Int, rate: Double, logarithm: Double) {
        let smallest = 1e-10
        least = smallest
        var scores: [Double] = []
        // Of the number of ways in which so many parts can be active.
        var ways = 0.0
        for active in 0...count {
            if active > 0 { ways += Self.logarithms[count - active + 1] - Self.logarithms[active] }
            let score = ways - Double(count) * Self.logarithms[2] - logarithm + rate * Double(active)
            scores.append(max(smallest, score))
        }
        self.scores = scores
    }

    func score(_ active: Int) -> Double { scores[min(active, scores.count - 1)] }

    /// Natural logarithms of 0…13; that of 0 is not used.
    private static let logarithms = [
        0, 0, 0.693_147, 1.098_612, 1.386_294, 1.609_438, 1.791_759, 1.945_910, 2.079_442, 2.197_225,
        2.302_585, 2.397_895,
        2.484_907, 2.564_949,
    ]
}
