"""How a change is reviewed: looked at without a model, judged part by part, its findings verified and ranked."""
