package engine

// wire makes the parts known to those above them, which use them.
func (e *Engine) wire() {
	e.wireState()
	e.wireLogic()
}

// wireState wires the parts that have a state.
func (e *Engine) wireState() {
	e.budget = budget{turn: &e.turn}
	e.agenda = agenda{turn: &e.turn, budget: &e.budget}
	e.status = status{ix: e.ix}
	e.connections = connections{turn: &e.turn, ix: e.ix, status: &e.status}
	e.receipts = receipts{turn: &e.turn, ix: e.ix, status: &e.status, connections: &e.connections}
	e.values = values{
		turn: &e.turn, ix: e.ix, budget: &e.budget, agenda: &e.agenda, status: &e.status,
		receipts: &e.receipts,
	}
	e.tables = tables{
		turn: &e.turn, ix: e.ix, agenda: &e.agenda, status: &e.status, connections: &e.connections,
		receipts: &e.receipts, values: &e.values,
	}
	e.addresses = addresses{ix: e.ix, status: &e.status, values: &e.values}
	e.commands = commands{turn: &e.turn, ix: e.ix, values: &e.values}
	e.lanes = lanes{turn: &e.turn, ix: e.ix, receipts: &e.receipts, values: &e.values}
	e.timers = timers{turn: &e.turn, ix: e.ix, status: &e.status, lanes: &e.lanes}
}

// wireLogic wires the parts that work on it.
func (e *Engine) wireLogic() {
	e.deadlines = deadlines{
		turn: &e.turn, ix: e.ix, status: &e.status, connections: &e.connections, receipts: &e.receipts,
		lanes: &e.lanes,
	}
	e.targets = targets{
		turn: &e.turn, ix: e.ix, status: &e.status, connections: &e.connections, values: &e.values,
		tables: &e.tables, addresses: &e.addresses, lanes: &e.lanes,
	}
	e.slowPoll = slowPoll{
		turn: &e.turn, ix: e.ix, status: &e.status, connections: &e.connections, addresses: &e.addresses,
		lanes: &e.lanes, timers: &e.timers,
	}
	e.messages = messages{turn: &e.turn, ix: e.ix, agenda: &e.agenda, values: &e.values, receipts: &e.receipts}
	e.scripts = scripts{
		turn: &e.turn, ix: e.ix, budget: &e.budget, agenda: &e.agenda, status: &e.status,
		receipts: &e.receipts, values: &e.values, tables: &e.tables, timers: &e.timers, logic: &e.logic,
	}
	e.triggers = triggers{
		ix: e.ix, budget: &e.budget, agenda: &e.agenda, status: &e.status, values: &e.values,
	}
	e.actions = actions{
		turn: &e.turn, ix: e.ix, budget: &e.budget, agenda: &e.agenda, status: &e.status,
		connections: &e.connections, values: &e.values, tables: &e.tables, commands: &e.commands,
		lanes: &e.lanes, timers: &e.timers, targets: &e.targets, messages: &e.messages, scripts: &e.scripts,
	}
	e.logic = logic{
		turn: &e.turn, ix: e.ix, budget: &e.budget, agenda: &e.agenda, status: &e.status,
		receipts: &e.receipts, values: &e.values, tables: &e.tables, addresses: &e.addresses,
		commands: &e.commands, lanes: &e.lanes, deadlines: &e.deadlines, targets: &e.targets,
		messages: &e.messages, scripts: &e.scripts, triggers: &e.triggers, actions: &e.actions,
	}
	e.runs = runs{
		turn: &e.turn, ix: e.ix, budget: &e.budget, status: &e.status, connections: &e.connections,
		receipts: &e.receipts, commands: &e.commands, lanes: &e.lanes, timers: &e.timers,
	}
	e.exchanges = exchanges{
		turn: &e.turn, ix: e.ix, status: &e.status, connections: &e.connections, receipts: &e.receipts,
		values: &e.values, addresses: &e.addresses, lanes: &e.lanes, deadlines: &e.deadlines,
		targets: &e.targets, slowPoll: &e.slowPoll, logic: &e.logic, runs: &e.runs,
	}
	e.pairs = pairs{
		turn: &e.turn, ix: e.ix, status: &e.status, connections: &e.connections, receipts: &e.receipts,
		values: &e.values, commands: &e.commands, lanes: &e.lanes, deadlines: &e.deadlines,
		slowPoll: &e.slowPoll, logic: &e.logic, runs: &e.runs,
	}
	e.groups = groups{
		turn: &e.turn, ix: e.ix, budget: &e.budget, agenda: &e.agenda, values: &e.values, lanes: &e.lanes,
		deadlines: &e.deadlines, scripts: &e.scripts, logic: &e.logic, runs: &e.runs, pairs: &e.pairs,
		exchanges: &e.exchanges,
	}
	e.receiver = receiver{
		turn: &e.turn, ix: e.ix, agenda: &e.agenda, status: &e.status, connections: &e.connections,
		receipts: &e.receipts, values: &e.values, lanes: &e.lanes, targets: &e.targets,
		slowPoll: &e.slowPoll, messages: &e.messages, logic: &e.logic, runs: &e.runs, pairs: &e.pairs,
	}
	e.rounds = rounds{
		turn: &e.turn, ix: e.ix, budget: &e.budget, values: &e.values, lanes: &e.lanes, timers: &e.timers,
		slowPoll: &e.slowPoll, logic: &e.logic, groups: &e.groups,
	}
}
