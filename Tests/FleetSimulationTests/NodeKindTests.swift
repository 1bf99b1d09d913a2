import FleetSimulation
import Testing

@Suite struct NodeKindTests {
    @Test func aLargerNodeHoldsMoreAndLargerSessionsAreFewer() {
        let small = NodeKind(cores: 4, memory: 16)
        let large = NodeKind(cores: 32, memory: 128)
        #expect(small.sessions(people: 3).count * 7 < large.sessions(people: 3).count)
        #expect(large.sessions(people: 14).count < large.sessions(people: 2).count)
    }

    @Test func memoryIsTheLimitWhereThereIsLittleOfIt() {
        let node = NodeKind(cores: 32, memory: 4)
        #expect(node.sessions(people: 3).limit == .memory)
        #expect(node.sessions(people: 3).count == 6)
    }

    @Test func pricesAreThreeNumbersOrNothing() {
        #expect(Prices(parsing: "0.04,0.08,0.01") == Prices())
        for text in ["", "1,2", "1,2,3,4", "1,2,x", "1,-2,3", "1,,3", "nan,1,1", "inf,1,1"] {
            #expect(Prices(parsing: text) == nil, "\(text)")
        }
    }

    @Test func aCentralRoomCostsMoreNetworkThanOneInTheContainer() {
        let prices = Prices()
        #expect(prices.networkHour(people: 3, .oneRoom) < prices.networkHour(people: 3, .central))
        #expect(prices.networkHour(people: 3, .central) < prices.networkHour(people: 3, .edges))
    }
}
